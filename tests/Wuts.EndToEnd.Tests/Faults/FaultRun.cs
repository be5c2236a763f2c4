using System.Collections.Immutable;
using System.Diagnostics;
using Wuts.Domain.Delivery;
using Wuts.EndToEnd.Tests.Load;
using Wuts.EndToEnd.Tests.Witnesses;
using Wuts.Testing.Checking;
using Xunit.Abstractions;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>A running installation under load. A test disturbs it, and then has it judged.</summary>
internal sealed class FaultRun : IAsyncDisposable
{
    private const int Devices = 10;
    private const int MessagesAtLeast = 20;
    private static readonly TimeSpan CalmPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Rounding = TimeSpan.FromMilliseconds(1);

    private readonly Installation _installation;
    private readonly WebhookReceiver _receiver;
    private readonly Tenant _tenant;
    private readonly RequestLog _requests;
    private readonly Crowd _crowd;
    private readonly List<Disturbance> _disturbances = [];

    private FaultRun(Installation installation, WebhookReceiver receiver, Tenant tenant, RequestLog requests, int seed)
    {
        (_installation, _receiver, _tenant, _requests) = (installation, receiver, tenant, requests);
        Chance = new Random(seed);
        _crowd = Crowd.Begin(installation.Process.Url, tenant, MessagesAtLeast, seed, requests);
    }

    public WutsProcess Process => _installation.Process;

    public WebhookReceiver Receiver => _receiver;

    public Random Chance { get; }

    /// <summary>What clients were told so far.</summary>
    public ImmutableArray<ClientRequest> Requests => _requests.Requests;

    /// <summary>The longest that a client waited so far.</summary>
    public TimeSpan LongestStall => _requests.LongestStall;

    /// <summary>Starts the process and the load. The installation stays the caller's.</summary>
    public static async Task<FaultRun> BeginAsync(Installation installation, ITestOutputHelper output)
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Assert.True(await installation.Process.StartAsync(), installation.Process.Output);
        var receiver = await WebhookReceiver.StartAsync();
        var tenant = await Tenant.RegisterAsync(installation.Process, receiver, Devices);
        return new FaultRun(installation, receiver, tenant, new RequestLog(), seed);
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
    public async Task JudgeAsync(string fault, ITestOutputHelper output, TimeSpan? clockTolerance = null)
    {
        await _crowd.EndAsync();
        var watch = Stopwatch.StartNew();
        await Historian.AwaitCalmAsync(_installation, CalmPatience);
        var calm = watch.Elapsed;

        var history = await Historian.WriteAsync(_installation, _tenant, _requests, _receiver, [.. _disturbances], clockTolerance ?? Rounding);
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
            _installation.Database,
            accepted.Count,
            accepted.Count(id => rows.GetValueOrDefault(id) is not { State: MessageState.Read or MessageState.Failed }),
            history.HandOvers.GroupBy(h => h.MessageId).Where(g => rows.GetValueOrDefault(g.Key)?.WasUncertain != true).Sum(g => g.Count() - 1),
            history.Messages.Count(m => m.WasUncertain),
            violations,
            _disturbances.Max(d => UntilAnswered(history, d.Until!.Value)),
            _requests.LongestStall,
            calm);
    }

    private static TimeSpan UntilAnswered(History history, DateTimeOffset end) => history.Requests
        .Where(r => r.Answer is ClientAnswer.Accepted && r.AnsweredAt >= end)
        .Min(r => r.AnsweredAt!.Value - end);

    private static string Describe(History history, Violation violation) =>
        violation.MessageId is { } id ? MessageHistory.Describe(history, id) : string.Empty;
}
