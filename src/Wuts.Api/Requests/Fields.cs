using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Wuts.Api.Answers;
using Wuts.Api.Errors;

namespace Wuts.Api.Requests;

/// <summary>
/// Takes the fields of a JSON object one by one and notes what is wrong with each, so that a client learns of all faults at
/// once. Unknown members are nobody's business; <c>null</c> is the same as absent.
/// </summary>
internal sealed partial class Fields
{
    private readonly JsonElement _object;
    private readonly string _path;
    private readonly ImmutableArray<FieldError>.Builder _errors;

    public Fields(JsonElement @object)
        : this(@object, string.Empty, ImmutableArray.CreateBuilder<FieldError>())
    {
    }

    private Fields(JsonElement @object, string path, ImmutableArray<FieldError>.Builder errors)
    {
        _object = @object;
        _path = path;
        _errors = errors;
    }

    public bool IsValid => _errors.Count == 0;

    public int ErrorCount => _errors.Count;

    public ApiError Error() => ApiError.Invalid(_errors.ToImmutable());

    public void Refuse(string name, string message, string? value = null) =>
        _errors.Add(new(_path + name, message, value is null ? null : RejectedValue.Of(value)));

    /// <summary>A text without NUL, which databases cannot keep. Its length counts Unicode characters, so that an emoji is one.</summary>
    /// <param name="secret">Never repeat the value.</param>
    public string? Text(string name, bool required = false, int min = 1, int max = 256, bool secret = false)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        if (Read(element) is not { } text)
        {
            Refuse(name, element, element.ValueKind == JsonValueKind.String ? "must be valid Unicode" : "must be a string", secret);
            return null;
        }

        var length = text.Length < min || text.Length > max ? Count(text) : text.Length;
        if (length < min || length > max)
        {
            Refuse(name, element, $"must be between {min} and {max} characters", secret);
            return null;
        }

        if (text.Contains('\0', StringComparison.Ordinal))
        {
            Refuse(name, element, "must not contain the character U+0000", secret: true);
            return null;
        }

        return text;
    }

    /// <summary>A required name for people: one line, without space around it.</summary>
    public string Name(string name, int max = 100)
    {
        var text = Text(name, required: true, max: max)?.Trim();
        if (text is not null && (text.Length == 0 || text.Any(char.IsControl)))
        {
            Refuse(name, "must be one line and not blank");
        }

        return text ?? string.Empty;
    }

    public int? Integer(string name, int min, int max)
    {
        if (Find(name) is not { } element)
        {
            return null;
        }

        if (element.ValueKind != JsonValueKind.Number)
        {
            Refuse(name, element, "must be a whole number");
        }
        else if (!element.TryGetInt32(out var number))
        {
            // A number too large for us is out of range; one with a fraction is not whole.
            var whole = element.GetRawText().All(c => char.IsAsciiDigit(c) || c == '-');
            Refuse(name, element, whole ? $"must be between {min} and {max}" : "must be a whole number");
        }
        else if (number < min || number > max)
        {
            Refuse(name, element, $"must be between {min} and {max}");
        }
        else
        {
            return number;
        }

        return null;
    }

    /// <summary>A number that may have a fraction, exactly as it is written.</summary>
    /// <param name="range">What it must be, to be read after its name.</param>
    public decimal? Decimal(string name, Func<decimal, bool> isInRange, string range)
    {
        if (Find(name) is not { } element)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out var number) && isInRange(number))
        {
            return number;
        }

        Refuse(name, element, range);
        return null;
    }

    /// <summary>The member of an enumeration by its name in snake_case; its case does not matter.</summary>
    public T? OneOf<T>(string name, bool required = false)
        where T : struct, Enum
    {
        if (Text(name, required) is not { } text)
        {
            return null;
        }

        var value = StoredName.Parse<T>(text.Trim());
        if (value is null)
        {
            Refuse(name, $"must be {StoredName.List<T>()}", text);
        }

        return value;
    }

    public bool? Flag(string name)
    {
        if (Find(name) is not { } element)
        {
            return null;
        }

        if (element.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return element.GetBoolean();
        }

        Refuse(name, element, "must be true or false");
        return null;
    }

    public Fields? Object(string name, bool required = false)
    {
        if (Find(name, required) is not { } element)
        {
            return null;
        }

        if (element.ValueKind == JsonValueKind.Object)
        {
            return new(element, $"{_path}{name}.", _errors);
        }

        Refuse(name, element, "must be an object");
        return null;
    }

    public ImmutableArray<string> Texts(string name, bool required = false, int max = 1024)
    {
        if (Find(name, required) is not { } element)
        {
            return [];
        }

        if (element.ValueKind != JsonValueKind.Array)
        {
            Refuse(name, element, "must be a list of strings");
            return [];
        }

        if (element.GetArrayLength() > max)
        {
            Refuse(name, $"must have at most {max} entries");
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<string>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            if (Read(item) is { } text)
            {
                texts.Add(text);
            }
            else
            {
                Refuse($"{name}[{texts.Count}]", item, "must be a string");
                return [];
            }
        }

        return texts.ToImmutable();
    }

    /// <summary>A flat object of texts, as headers are.</summary>
    public ImmutableDictionary<string, string> Map(string name)
    {
        if (Object(name) is not { } inner)
        {
            return ImmutableDictionary<string, string>.Empty;
        }

        var map = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var member in inner._object.EnumerateObject())
        {
            if (Read(member.Value) is { } value)
            {
                map[member.Name] = value;
            }
            else
            {
                inner.Refuse(member.Name, member.Value, "must be a string", secret: true);
            }
        }

        return map.ToImmutable();
    }

    private JsonElement? Find(string name, bool required = false)
    {
        if (_object.TryGetProperty(name, out var element) && element.ValueKind != JsonValueKind.Null)
        {
            return element;
        }

        if (required)
        {
            Refuse(name, "is required");
        }

        return null;
    }

    private void Refuse(string name, JsonElement element, string message, bool secret = false) =>
        _errors.Add(new(_path + name, message, secret ? null : RejectedValue.Of(element)));

    /// <summary>The text of a string; <c>null</c> for anything else, and for what is no valid Unicode.</summary>
    internal static string? Read(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // half a surrogate pair, or bytes that are not UTF-8
        }
    }

    private static int Count(string text)
    {
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }
}
