namespace Orleans.Serialization;

public class SerializerException : Exception
{
    public SerializerException()
    {
    }

    public SerializerException(string message)
        : base(message)
    {
    }

    public SerializerException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>A value of this type cannot travel in a call. The message names the type and what to add to it.</summary>
public sealed class CodecNotFoundException(string message) : SerializerException(message);
