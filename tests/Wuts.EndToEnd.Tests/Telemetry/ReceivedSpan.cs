namespace Wuts.EndToEnd.Tests.Telemetry;

/// <summary>A span as it came over the wire (opentelemetry.proto.trace.v1.Span).</summary>
internal sealed record ReceivedSpan(
    string Service, string Source, string TraceId, string SpanId, string ParentId, string Name, bool Failed, Dictionary<string, string> Tags, string[] Links)
{
    /// <summary>The spans of an ExportTraceServiceRequest.</summary>
    public static IEnumerable<ReceivedSpan> ReadRequest(ReadOnlyMemory<byte> request) =>
        from resourceSpans in ProtobufField.Read(request).Where(f => f.Number == 1)
        let service = Attributes(resourceSpans.Fields.First(f => f.Number == 1), 1)["service.name"]
        from scopeSpans in resourceSpans.Fields.Where(f => f.Number == 2)
        let source = scopeSpans.Fields.First(f => f.Number == 1).Fields.First(f => f.Number == 1).Text
        from span in scopeSpans.Fields.Where(f => f.Number == 2)
        select Read(service, source, span);

    private static ReceivedSpan Read(string service, string source, ProtobufField span)
    {
        var fields = span.Fields.ToLookup(f => f.Number);
        return new(
            service,
            source,
            fields[1].First().Hex,
            fields[2].First().Hex,
            fields[4].Select(f => f.Hex).FirstOrDefault(string.Empty),
            fields[5].First().Text,
            fields[15].SelectMany(status => status.Fields).Any(f => f is { Number: 3, Varint: 2 }),
            Attributes(span, 9),
            [.. fields[13].Select(link => link.Fields.First(f => f.Number == 1).Hex)]);
    }

    private static Dictionary<string, string> Attributes(ProtobufField owner, int number) => owner.Fields
        .Where(f => f.Number == number)
        .Select(attribute => attribute.Fields.ToLookup(f => f.Number))
        .ToDictionary(parts => parts[1].First().Text, parts => parts[2].First().Fields.Select(Value).FirstOrDefault(string.Empty));

    private static string Value(ProtobufField value) =>
        value.Number == 1 ? value.Text : value.Varint.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
