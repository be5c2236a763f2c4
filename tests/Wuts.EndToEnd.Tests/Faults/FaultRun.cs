using System.Collections.Immutable;
using System.Diagnostics;
using Wuts.Domain.Delivery;
using Wuts.EndToEnd.Tests.Load;
using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing.Checking;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>A running site under load. A test disturbs it, and then has it judged.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const int Devices = 10;
    private const int MessagesAtLeast = 20;
    private static readonly TimeSpan CalmPatience = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    private readonly Site _site;
    private readonly WebhookReceiver _receiver;
    private readonly Tenant _tenant;
    private readonly RequestLog _requests;
    private readonly Crowd _crowd;
    private readonly List<Disturbance> _disturbances = [];

    private FaultRun(Site site, WebhookReceiver receiver, Tenant tenant, RequestLog requests, Crowd crowd, int seed)
    {
        (_site, _receiver, _tenant, _requests, _crowd) = (site, receiver, tenant, requests, crowd);
        Chance = new Random(seed);
    }

    public WebhookReceiver Receiver => _receiver;

    public Random Chance { get; }

    /// <summary>What clients were told so far.</summary>
    public ImmutableArray<ClientRequest> Requests => _requests.Requests;

    /// <summary>Requests that have failed so far, by what the client saw. Those without an answer because the client hung up have not.</summary>
    public IReadOnlyDictionary<string, int> Failures => _requests.Failures;

    /// <summary>The longest that a client waited so far.</summary>
    public TimeSpan LongestStall => _requests.LongestStall;

    /// <summary>Starts the site and a load of clients with all habits. The site stays the caller's.</summary>
    public static Task<FaultRun> BeginAsync(Site site, ITestOutputHelper output, int? seed = null) =>
        BeginAsync(site, output, Devices, seed ?? Environment.TickCount, (tenant, requests, chosen) => Crowd.Begin(site.Connect(), tenant, MessagesAtLeast, chosen, requests));

    /// <summary>Starts the site and queues so many messages a device, each typed for a second, as a campaign would.</summary>
    public static Task<FaultRun> BeginCampaignAsync(Site site, ITestOutputHelper output, int devices, int messages) =>
        BeginAsync(site, output, devices, Environment.TickCount, (tenant, requests, chosen) => Crowd.Queue(site.Connect(), tenant, messages, chosen, requests));

    private static async Task<FaultRun> BeginAsync(Site site, ITestOutputHelper output, int devices, int seed, Func<Tenant, RequestLog, int, Crowd> begin)
    {
        output.WriteLine($"seed {seed}");
        await site.StartAsync();
        var receiver = await WebhookReceiver.StartAsync();
        var tenant = await Tenant.RegisterAsync(site, receiver, devices);
        var requests = new RequestLog();
        return new FaultRun(site, receiver, tenant, requests, begin(tenant, requests, seed), seed);
    }

    /// <summary>Lets the load run for a while, a different one each time.</summary>
    public Task LoadAsync(int fromMs, int toMs) => Task.Delay(Chance.Next(fromMs, toMs)); // when a fault comes is the point, not a wait for anything

    /// <summary>Does something to the system from outside, which is over when the task is.</summary>
    public async Task DisturbAsync(string what, Func<Task> disturb)
    {
        var at = DateTimeOffset.UtcNow;
        await disturb();
        _disturbances.Add(new Disturbance(at, what, DateTimeOffset.UtcNow));
    }

    /// <summary>Ends the load, waits until all is calm, and has the checker decide.</summary>
    /// <param name="clockTolerance">How far the process' clock was from ours; left out, not at all but for what databases round off.</param>
    /// <param name="patience">What is allowed for that, beyond what is usual.</param>
    public async Task JudgeAsync(string fault, ITestOutputHelper output, TimeSpan? clockTolerance = null, TimeSpan patience = default)
    {
        await _crowd.EndAsync();
        var watch = Stopwatch.StartNew();
        await Historian.AwaitCalmAsync(_site, CalmPatience + patience);
        var calm = watch.Elapsed;

        var history = await Historian.WriteAsync(_site, _tenant, _requests, _receiver, [.. _disturbances], clockTolerance ?? Rounding);
        var violations = Checker.Check(history);
        var row = Count(fault, history, violations.Length, calm);
        FaultMatrix.Add(row);
        output.WriteLine($"{FaultRow.Header}\n{row}");
        Assert.True(violations.IsEmpty, string.Join("\n\n", violations.Take(5).Select(v => $"{v}\n{Describe(history, v)}")));
        Assert.Equal((0, 0), (row.Lost, row.Duplicated));
    }

    public async ValueTask DisposeAsync()
    {
        await _crowd.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    private FaultRow Count(string fault, History history, int violations, TimeSpan calm)
    {
        var accepted = history.Requests.Select(r => r.Answer).OfType<ClientAnswer.Accepted>().Select(a => a.MessageId).ToHashSet();
        var rows = history.Messages.ToDictionary(m => m.Id);
        return new FaultRow(
            fault,
            _site.Database,
            accepted.Count,
            accepted.Count(id => rows.GetValueOrDefault(id) is not { State: MessageState.Read or MessageState.Failed }),
            history.HandOvers.GroupBy(h => h.MessageId).Where(g => rows.GetValueOrDefault(g.Key)?.WasUncertain != true).Sum(g => g.Count() - 1),
            history.Messages.Count(m => m.WasUncertain),
            violations,
            _disturbances.Max(d => UntilAnswered(history, d.Until!.Value)),
            _disturbances.Max(d => UntilAllSend(history, d.Until!.Value)),
            _requests.LongestStall,
            calm,
            _requests.Failures.IsEmpty ? "none" : string.Join(", ", _requests.Failures.OrderBy(f => f.Key).Select(f => $"{f.Value} × {f.Key}")));
    }

    private static TimeSpan UntilAnswered(History history, DateTimeOffset end) => history.Requests
        .Where(r => r.Answer is ClientAnswer.Accepted && r.AnsweredAt >= end)
        .Select(r => r.AnsweredAt!.Value - end)
        .DefaultIfEmpty() // nobody asked any more
        .Min();

    private static TimeSpan UntilAllSend(History history, DateTimeOffset end) => history.HandOvers
        .Where(h => h.At >= end)
        .GroupBy(h => h.DeviceId, h => h.At - end)
        .Select(device => device.Min())
        .DefaultIfEmpty()
        .Max();

    private static string Describe(History history, Violation violation) =>
        violation.MessageId is { } id ? MessageHistory.Describe(history, id) : string.Empty;
}
