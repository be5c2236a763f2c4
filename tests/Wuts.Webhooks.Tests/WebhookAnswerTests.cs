using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Wuts.Domain.Webhooks;
using static Wuts.Webhooks.Tests.Samples;

namespace Wuts.Webhooks.Tests;

/// <summary>What receivers may answer, and what is kept of it.</summary>
public sealed class WebhookAnswerTests : ReceiverTests
{
    [Fact]
    public async Task The_beginning_of_a_failures_body_is_kept_on_one_line()
    {
        Answer = Fail("first\r\n\tsecond\0\u0007 end  ");

        Assert.Equal("500 Internal Server Error: first second end", (await SendAsync()).Error);
    }

    [Fact]
    public async Task The_error_has_at_most_1000_characters_and_breaks_no_character_apart()
    {
        Answer = Fail(string.Concat(Enumerable.Repeat("🎉", 2000)));

        var error = (await SendAsync()).Error!;

        Assert.InRange(error.Length, 998, 1000);
        Assert.DoesNotContain(error.EnumerateRunes(), rune => rune == Rune.ReplacementChar);
    }

    [Fact]
    public async Task A_body_without_end_is_read_only_at_its_beginning()
    {
        Answer = async context =>
        {
            context.Response.StatusCode = 500;
            var chunk = Encoding.ASCII.GetBytes(new string('x', 1024));
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };

        var attempt = await SendAsync();

        Assert.Equal((WebhookVerdict.Failed, 500, 1000), (attempt.Verdict, attempt.StatusCode, attempt.Error!.Length));
    }

    [Fact]
    public async Task A_success_does_not_wait_for_its_body()
    {
        Answer = async context =>
        {
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        };

        Assert.Equal(WebhookVerdict.Delivered, (await SendAsync()).Verdict);
    }

    [Fact]
    public async Task A_body_that_stops_coming_gives_what_came_of_it()
    {
        using var cancellation = new CancellationTokenSource();
        using var content = new StreamContent(new StallingStream("so far", cancellation));

        Assert.Equal("so far", await ErrorText.ReadAsync(content, cancellation.Token));
    }

    [Fact]
    public async Task Headers_without_end_are_a_failure()
    {
        Answer = context =>
        {
            for (var i = 0; i < 40; i++)
            {
                context.Response.Headers[$"X-{i}"] = new string('x', 1024);
            }

            return Task.CompletedTask;
        };

        var attempt = await SendAsync();

        Assert.Equal((WebhookVerdict.Failed, null), (attempt.Verdict, attempt.StatusCode));
        Assert.NotNull(attempt.Error);
    }

    [Fact]
    public async Task AnAnswer_that_breaks_off_is_a_failure()
    {
        Answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };

        var attempt = await SendAsync();

        Assert.Equal((WebhookVerdict.Failed, null), (attempt.Verdict, attempt.StatusCode));
        Assert.NotEmpty(attempt.Error!);
    }

    [Fact]
    public async Task AReceiver_that_repeats_the_request_does_not_bring_secrets_into_the_error()
    {
        Answer = context =>
        {
            context.Response.StatusCode = 403;
            return context.Response.WriteAsync($"no: {context.Request.Headers.Authorization} {context.Request.Path}{context.Request.QueryString}");
        };
        var endpoint = Endpoint(new Uri(Receiver.Url, "/hook?token=t0ps3cret")) with
        {
            Headers = ImmutableDictionary<string, string>.Empty.Add("Authorization", "Bearer abc"),
        };

        Assert.Equal("403 Forbidden: no: *** /hook***", (await Fixture.SendAsync(endpoint)).Error);
    }

    [Fact]
    public async Task Attempts_are_counted_and_timed_by_verdict()
    {
        var verdicts = new List<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == WebhookMetrics.DurationName && instrument.Meter.Scope == Fixture.Meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => verdicts.Add(Assert.Single(tags.ToArray()).Value));
        listener.Start();

        foreach (var status in (int[])[200, 410, 500])
        {
            Answer = context =>
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            };
            await SendAsync();
        }

        Assert.Equal(["delivered", "gone", "failed"], verdicts);
    }

    private static RequestDelegate Fail(string body) => context =>
    {
        context.Response.StatusCode = 500;
        return context.Response.WriteAsync(body);
    };

    /// <summary>Gives one piece; then time runs out.</summary>
    private sealed class StallingStream(string piece, CancellationTokenSource time) : MemoryStream(Encoding.ASCII.GetBytes(piece))
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await base.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                await time.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return read;
        }
    }
}
