using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Wuts.Server.Telemetry;

namespace Wuts.Api.Tests.Telemetry;

public sealed class PrometheusTextTests : IDisposable
{
    private readonly Meter _meter = new($"test {Guid.NewGuid():N}");
    private readonly PrometheusReader _reader = new();
    private readonly MeterProvider _provider;

    public PrometheusTextTests() => _provider = Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddAttributes([new("service.name", "wuts"), new("service.instance.id", "a\"b\\c")]))
        .AddMeter(_meter.Name)
        .AddReader(_reader.Reader)
        .Build();

    [Fact]
    public void A_counter_ends_with_total_and_has_its_help_and_its_type() => AssertText(
        () => _meter.CreateCounter<long>("wuts.messages.sent", "{message}", "Messages that\nleft \\ \"once\".").Add(3),
        """
        # HELP wuts_messages_sent_total Messages that\nleft \\ "once".
        # TYPE wuts_messages_sent_total counter
        wuts_messages_sent_total 3
        """);

    [Fact]
    public void Values_of_labels_are_escaped_and_names_made_fit() => AssertText(
        () => _meter.CreateUpDownCounter<int>("wuts-things").Add(2, new("http.response.status_code", 503), new("a-b", "x\"y\\z\nw"), new("none", null)),
        """
        # TYPE wuts_things gauge
        wuts_things{a_b="x\"y\\z\nw",http_response_status_code="503",none=""} 2
        """);

    [Fact]
    public void A_unit_is_a_word_of_the_name_once() => AssertText(
        () =>
        {
            _meter.CreateObservableGauge("wuts.queue.age", () => 1.5, "s");
            _meter.CreateObservableGauge("wuts.silence.seconds", () => 2, "s");
            _meter.CreateObservableGauge("wuts.size", () => 3L, "By");
        },
        """
        # TYPE wuts_queue_age_seconds gauge
        wuts_queue_age_seconds 1.5
        # TYPE wuts_silence_seconds gauge
        wuts_silence_seconds 2
        # TYPE wuts_size_bytes gauge
        wuts_size_bytes 3
        """);

    [Fact]
    public void Buckets_of_a_histogram_add_up_and_the_last_holds_all() => AssertText(
        () =>
        {
            var duration = _meter.CreateHistogram(
                "wuts.send.duration", "s", "How long.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 2.5] });
            foreach (var seconds in new[] { 0.05, 0.1, 1, 9 })
            {
                duration.Record(seconds, new KeyValuePair<string, object?>("wuts.outcome", "accepted"));
            }
        },
        """
        # HELP wuts_send_duration_seconds How long.
        # TYPE wuts_send_duration_seconds histogram
        wuts_send_duration_seconds_bucket{wuts_outcome="accepted",le="0.1"} 2
        wuts_send_duration_seconds_bucket{wuts_outcome="accepted",le="2.5"} 3
        wuts_send_duration_seconds_bucket{wuts_outcome="accepted",le="+Inf"} 4
        wuts_send_duration_seconds_sum{wuts_outcome="accepted"} 10.15
        wuts_send_duration_seconds_count{wuts_outcome="accepted"} 4
        """);

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(1e21, "1E+21")]
    public void Every_number_has_a_form(double value, string text) => Assert.Equal(text, PrometheusNames.Value(value));

    [Fact]
    public void One_scrape_says_the_same_as_the_next()
    {
        _meter.CreateCounter<long>("wuts.once").Add(1);

        Assert.Equal(_reader.Scrape(), _reader.Scrape());
    }

    public void Dispose()
    {
        _provider.Dispose();
        _reader.Dispose();
        _meter.Dispose();
    }

    private void AssertText(Action measure, string expected)
    {
        measure();

        Assert.Equal(
            $"""
            # HELP target_info The process that these figures are of.
            # TYPE target_info gauge
            target_info{"{"}service_name="wuts",service_instance_id="a\"b\\c"{"}"} 1
            {expected}

            """,
            _reader.Scrape());
    }
}
