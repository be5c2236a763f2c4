using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Wuts.Webhooks;

/// <summary>A JSON writer with its buffer, kept for each thread: rendering is on the path of every event.</summary>
internal sealed class JsonScratch
{
    private const int KeptCapacity = 64 * 1024;

    // Escaping only what JSON requires keeps the bytes those that a receiver's own serializer makes of the parsed body. The
    // encoder's warning is about HTML, where this text never stands.
    private static readonly JsonWriterOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    [ThreadStatic]
    private static JsonScratch? _ofThisThread;

    private readonly ArrayBufferWriter<byte> _buffer = new(2048);

    private JsonScratch() => Writer = new(_buffer, Compact);

    public Utf8JsonWriter Writer { get; }

    /// <summary>What was written; valid until the next <see cref="Rent"/> on this thread.</summary>
    public ReadOnlySpan<byte> Written
    {
        get
        {
            Writer.Flush();
            return _buffer.WrittenSpan;
        }
    }

    /// <summary>An empty writer. The one before is worthless from now on: no await and no nesting between renting and reading.</summary>
    public static JsonScratch Rent()
    {
        var scratch = _ofThisThread;
        if (scratch is null || scratch._buffer.Capacity > KeptCapacity)
        {
            return _ofThisThread = new();
        }

        scratch._buffer.ResetWrittenCount();
        scratch.Writer.Reset();
        return scratch;
    }

    public override string ToString() => Encoding.UTF8.GetString(Written);
}
