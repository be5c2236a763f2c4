using System.Globalization;

namespace Orleans;

/// <summary>On a method of a grain interface: how long a caller waits for the answer, instead of the configured time.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResponseTimeoutAttribute(string timeout) : Attribute
{
    public TimeSpan? Timeout { get; init; } = TimeSpan.Parse(timeout, CultureInfo.InvariantCulture);
}
