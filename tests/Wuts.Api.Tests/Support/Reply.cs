using System.Net;
using System.Text.Json;

namespace Wuts.Api.Tests.Support;

/// <summary>An answer, read to its end.</summary>
public sealed record Reply(HttpStatusCode Status, JsonElement Body, HttpResponseMessage Message)
{
    public JsonElement this[string path] => path.Split('.').Aggregate(Body, (element, name) => element.GetProperty(name));

    public string? Code => Body.TryGetProperty("error_code", out var code) ? code.GetString() : null;

    public string Text(string path) => this[path].GetString()!;

    /// <summary>The names of the members of an object in the answer, in order.</summary>
    public string[] Names(string path = "") =>
        [.. (path.Length == 0 ? Body : this[path]).EnumerateObject().Select(member => member.Name)];

    public string? Header(string name) => Message.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;

    /// <summary>Asserts the standard envelope with this code, and returns the answer.</summary>
    public Reply IsError(HttpStatusCode status, string code)
    {
        Assert.True(status == Status && code == Code, $"Expected {(int)status} {code}, got {(int)Status}: {Body}");
        Assert.False(Body.GetProperty("success").GetBoolean());
        Assert.False(string.IsNullOrWhiteSpace(Text("error")));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", Text("timestamp"));
        Assert.Contains(Body.GetProperty("retryable").ValueKind, (JsonValueKind[])[JsonValueKind.True, JsonValueKind.False]);
        Assert.Equal("application/json", Message.Content.Headers.ContentType?.MediaType);
        if (status is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests)
        {
            Assert.True(int.Parse(Header("Retry-After")!, System.Globalization.CultureInfo.InvariantCulture) >= 1);
        }

        return this;
    }

    /// <summary>Asserts a field error, and returns its message.</summary>
    public string IsInvalid(string field)
    {
        IsError(HttpStatusCode.BadRequest, "VALIDATION_ERROR");
        var errors = Body.GetProperty("validation").EnumerateArray().ToDictionary(e => e.GetProperty("field").GetString()!);
        Assert.True(errors.ContainsKey(field), $"Expected an error of {field}: {Body}");
        return errors[field].GetProperty("message").GetString()!;
    }

    public Reply Is(HttpStatusCode status)
    {
        Assert.True(status == Status, $"Expected {(int)status}, got {(int)Status}: {Body}");
        return this;
    }
}
