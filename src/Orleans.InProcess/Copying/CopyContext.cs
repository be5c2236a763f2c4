namespace Orleans.InProcess;

/// <summary>
/// One act of copying. It remembers what was copied, so that an object met twice is copied once, and a circle of objects ends.
/// </summary>
internal sealed class CopyContext
{
    private readonly Dictionary<object, object> _copies = new(ReferenceEqualityComparer.Instance);

    /// <summary>To be called with each new object before what it holds is copied.</summary>
    public void Remember(object original, object copy) => _copies[original] = copy;

    public object? Copy(object? value)
    {
        if (value is null)
        {
            return null;
        }

        var copy = ObjectCopier.For(value.GetType());
        return ReferenceEquals(copy, ObjectCopier.AsItIs) ? value
            : _copies.TryGetValue(value, out var known) ? known
            : copy(value, this);
    }
}
