using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Wuts.Api.Requests;

internal sealed partial class Fields
{
    /// <summary>A time as RFC 3339 has it, with its offset from UTC.</summary>
    /// <param name="latest">It may not be later.</param>
    public DateTimeOffset? Time(string name, DateTimeOffset latest)
    {
        if (Find(name) is not { } element)
        {
            return null;
        }

        if (element.ValueKind != JsonValueKind.String || !element.TryGetDateTimeOffset(out var time))
        {
            Refuse(name, element, "must be a time such as 2030-01-31T12:00:00Z");
            return null;
        }

        if (time > latest)
        {
            Refuse(name, element, string.Create(CultureInfo.InvariantCulture, $"must not be later than now, {latest.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"));
            return null;
        }

        return time;
    }

    /// <summary>A list of at least one whole number.</summary>
    public ImmutableArray<int>? Integers(string name, int min, int max, int most)
    {
        if (Find(name) is not { } element)
        {
            return null;
        }

        if (element.ValueKind != JsonValueKind.Array || element.GetArrayLength() is var length && (length < 1 || length > most))
        {
            Refuse(name, $"must be a list of 1 to {most} whole numbers");
            return null;
        }

        var numbers = ImmutableArray.CreateBuilder<int>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetInt32(out var number) || number < min || number > max)
            {
                Refuse($"{name}[{numbers.Count}]", item, $"must be a whole number between {min} and {max}");
                return null;
            }

            numbers.Add(number);
        }

        return numbers.MoveToImmutable();
    }
}
