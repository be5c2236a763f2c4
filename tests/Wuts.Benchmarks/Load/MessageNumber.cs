using System.Buffers.Text;
using System.Globalization;
using Wuts.Domain.Sending;

namespace Wuts.Benchmarks.Load;

/// <summary>A message's id as a number: smaller than its text, of which a run would keep many.</summary>
internal static class MessageNumber
{
    private const int Digits = 20;

    /// <summary>Finds the first member <c>message_id</c> of a JSON text that we know to have no spaces.</summary>
    public static UInt128? Find(ReadOnlySpan<byte> json)
    {
        var at = json.IndexOf("\"message_id\":\""u8);
        if (at < 0)
        {
            return null;
        }

        var digits = json[(at + "\"message_id\":\""u8.Length + MessageId.Prefix.Length)..];
        return digits.Length > Digits
            && Utf8Parser.TryParse(digits[..4], out ushort high, out var read, 'X') && read == 4
            && Utf8Parser.TryParse(digits[4..Digits], out ulong low, out read, 'X') && read == Digits - 4
            ? new UInt128(high, low)
            : null;
    }

    public static string ToId(UInt128 number) => MessageId.Prefix + number.ToString("X20", CultureInfo.InvariantCulture);
}
