using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using Orleans;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Quotas;
using Wuts.Domain.Waiting;
using Wuts.Grains.Devices;
using Wuts.Grains.Messages;
using Wuts.Grains.Pacing;
using Wuts.Grains.Tenants;
using Wuts.Grains.Webhooks;
using Wuts.Storage;

namespace Wuts.Api.Tests.Scripted;

/// <summary>Stands where the cluster is: each grain does what the test says, at once, with no engine under it.</summary>
public class ScriptedGrains : DispatchProxy
{
    public ITenantStore Tenants { get; set; } = null!;

    public IDeviceStore Devices { get; set; } = null!;

    /// <summary>Calls to <see cref="IWebhookEndpointGrain.Reload"/> so far, by key.</summary>
    public List<string> Reloads { get; } = [];

    /// <summary>The devices that were told of an opt-out, and whose it was.</summary>
    public ConcurrentQueue<string> OptOuts { get; } = new();

    /// <summary>How a device takes that: it may throw.</summary>
    public Func<Task> HearOfOptOut { get; set; } = () => Task.CompletedTask;

    /// <summary>Asked before each look-up of a token: it may throw.</summary>
    public Func<Task> BeforeResolve { get; set; } = () => Task.CompletedTask;

    public Func<DeviceKey, SendCommand, Task<SendAnswer>> Send { get; set; } = (_, _) => Task.FromResult<SendAnswer>(new SendAnswer.NoSuchDevice());

    public Func<TimeSpan, CancellationToken, Task<Message?>> Wait { get; set; } = (_, _) => Task.FromResult<Message?>(null);

    public Func<Device, Device> Snapshot { get; set; } = device => device;

    public Func<WaitingMessage, WaitingFor?> Explain { get; set; } = _ => null;

    public Func<QueueReport?> ExplainQueue { get; set; } = () => null;

    public Func<PairingAnswer> Pairing { get; set; } = () => new PairingAnswer.TimedOut();

    /// <summary>Whether the last request for a code asked for a fresh one.</summary>
    public bool LastRefresh { get; private set; }

    public DeviceHealthSnapshot? Health { get; set; }

    /// <summary>What a warm-up was last changed to.</summary>
    public WarmUpSettings? LastWarmUp { get; private set; }

    public Func<LinkAnswer> Link { get; set; } = () => new(LinkResult.Done);

    /// <summary>How the quotas of every tenant stand.</summary>
    public Func<QuotaSnapshot> Quota { get; set; } = () => new(Samples.T0, []);

    /// <summary>The limits of every tenant.</summary>
    public LimitsSnapshot Limits { get; set; } = new(LimitSettings.None, TenantLimits.None);

    public UsageSnapshot Usage { get; set; } = new(Samples.T0, 0, 0, 0, 0, []);

    public Func<LimitSettings, LimitsAnswer> SetLimits { get; set; } = settings => new LimitsAnswer.Done(new(settings, TenantLimits.None));

    /// <summary>The devices that were told of new terms so far; one that is asked to may throw.</summary>
    public ConcurrentBag<string> Refreshed { get; } = [];

    public Func<Task> BeforeRefresh { get; set; } = () => Task.CompletedTask;

    public static ScriptedGrains Create() => (ScriptedGrains)(object)Create<IGrainFactory, ScriptedGrains>();

    public IGrainFactory Factory => (IGrainFactory)(object)this;

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var key = (string)args![0]!;
        return targetMethod!.GetGenericArguments() switch
        {
            [var type] when type == typeof(ITokenGrain) => new TokenGrain(this, key),
            [var type] when type == typeof(IDeviceGrain) => new DeviceGrain(this, DeviceKey.Parse(key)),
            [var type] when type == typeof(IMessageGrain) => new MessageGrain(this),
            [var type] when type == typeof(ITenantGrain) => new TenantGrain(this),
            [var type] when type == typeof(IWebhookEndpointGrain) => new WebhookEndpointGrain(this, key),
            _ => throw new NotSupportedException(targetMethod.ToString()),
        };
    }

    private sealed class TokenGrain(ScriptedGrains script, string hash) : ITokenGrain
    {
        public async Task<Caller?> Resolve()
        {
            await script.BeforeResolve();
            if (await script.Tenants.FindUserByTokenHashAsync(hash) is not { Active: true } user)
            {
                return null;
            }

            var own = await script.Devices.ListAsync(user.TenantId, user.Id);
            return new(user, own.LastOrDefault()?.Id);
        }

        public Task Forget() => Task.CompletedTask;
    }

    private sealed class DeviceGrain(ScriptedGrains script, DeviceKey key) : IDeviceGrain
    {
        public Task<SendAnswer> Send(SendCommand command, CancellationToken cancellationToken = default) => script.Send(key, command);

        public async Task<DeviceSnapshot?> GetSnapshot() =>
            await script.Devices.FindAsync(key) is { } device ? new(script.Snapshot(device), 0, null) : null;

        public async Task<WaitingFor?> Explain(WaitingMessage message)
        {
            await Task.CompletedTask;
            return script.Explain(message);
        }

        public Task<QueueReport?> ExplainQueue() => Task.FromResult(script.ExplainQueue());

        public Task<DeviceHealthSnapshot?> GetHealth() => Task.FromResult(script.Health);

        public Task<DeviceHealthSnapshot?> SetWarmUp(WarmUpSettings settings, CancellationToken cancellationToken = default)
        {
            script.LastWarmUp = settings;
            return Task.FromResult(script.Health);
        }

        public Task<PairingAnswer> RequestQr(bool refresh, CancellationToken cancellationToken = default)
        {
            script.LastRefresh = refresh;
            return Task.FromResult(script.Pairing());
        }

        public Task<PairingAnswer> RequestPairCode(string phone, bool refresh, CancellationToken cancellationToken = default) =>
            Task.FromResult(script.Pairing());

        public Task<LinkAnswer> Connect(CancellationToken cancellationToken = default) => Task.FromResult(script.Link());

        public Task<LinkAnswer> Disconnect(CancellationToken cancellationToken = default) => Task.FromResult(script.Link());

        public Task<LinkAnswer> Logout(CancellationToken cancellationToken = default) => Task.FromResult(script.Link());

        public Task<LinkAnswer> Purge(CancellationToken cancellationToken = default) => Task.FromResult(script.Link());

        public Task Handle(ImmutableArray<DeviceEvent> events, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task HearOfOptOut(string chatJid, CancellationToken cancellationToken = default)
        {
            script.OptOuts.Enqueue($"{key} {chatJid}");
            return script.HearOfOptOut();
        }

        public Task Wake(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<bool> Drain(CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async Task RefreshTerms(CancellationToken cancellationToken = default)
        {
            script.Refreshed.Add(key.DeviceId);
            await script.BeforeRefresh();
        }
    }

    private sealed class TenantGrain(ScriptedGrains script) : ITenantGrain
    {
        public Task<QuotaSnapshot> Look() => Task.FromResult(script.Quota());

        public Task<LimitsSnapshot?> GetLimits() => Task.FromResult<LimitsSnapshot?>(script.Limits);

        public Task<LimitsAnswer> SetLimits(LimitSettings settings) => Task.FromResult(script.SetLimits(settings));

        public Task<UsageSnapshot?> GetUsage() => Task.FromResult<UsageSnapshot?>(script.Usage);

        public Task<PermitLease> LeasePermits(string deviceId, int wanted) => throw new NotSupportedException();

        public Task<PermitGrant> LendPermits(PermitRequest request) => throw new NotSupportedException();

        public Task<TenantTerms> GetTerms() => throw new NotSupportedException();

        public Task<Admission> Admit(AdmitRequest request, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public Task<QuotaSnapshot> GiveBack(string messageId) => throw new NotSupportedException();

        public Task TellDepth(DepthReport report) => throw new NotSupportedException();
    }

    private sealed class MessageGrain(ScriptedGrains script) : IMessageGrain
    {
        public Task<Message?> WaitUntilDispatched(TimeSpan timeout, CancellationToken cancellationToken = default) =>
            script.Wait(timeout, cancellationToken);

        public Task<AcceptOutcome> Accept(Wuts.Domain.Sending.MessageEnvelope envelope, long epoch, bool claim) => throw new NotSupportedException();

        public Task<ClaimOutcome> Claim(long epoch, int attempt) => throw new NotSupportedException();

        public Task<Message?> Hold(long epoch, DateTimeOffset notBefore, HoldReason? reason, Contact? contact) => throw new NotSupportedException();

        public Task<Message> Record(long epoch, int attempt, DispatchOutcome outcome) => throw new NotSupportedException();

        public Task<Message?> Apply(ImmutableArray<DeliveryEvent> events) => throw new NotSupportedException();

        public Task Abandon(Failure failure) => throw new NotSupportedException();

        public Task<Message?> RejectUnconsented(Failure failure) => throw new NotSupportedException();

        public Task FlagOverdue() => throw new NotSupportedException();
    }

    private sealed class WebhookEndpointGrain(ScriptedGrains script, string key) : IWebhookEndpointGrain
    {
        public Task Wake() => throw new NotSupportedException();

        public Task Reload()
        {
            script.Reloads.Add(key);
            return Task.CompletedTask;
        }
    }
}
