using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// The stored record is not the one that was read: somebody else wrote it. A grain that lets this escape from a call is
/// deactivated, so that the next call reads the record anew.
/// </summary>
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException()
    {
    }

    public InconsistentStateException(string message)
        : base(message)
    {
    }

    public InconsistentStateException(string message, Exception? innerException)
        : base(message, innerException!)
    {
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException)
        : base(errorMsg, storageException!)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag)
        : this(errorMsg, storedEtag, currentEtag, null)
    {
    }

    public InconsistentStateException(string? storedEtag, string? currentEtag, Exception storageException)
        : this(storageException.Message, storedEtag, currentEtag, storageException)
    {
    }

    public string? StoredEtag { get; }

    public string? CurrentEtag { get; }

    /// <summary>Whether it has not yet left the activation whose state is out of date.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}
