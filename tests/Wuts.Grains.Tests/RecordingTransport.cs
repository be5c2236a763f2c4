using System.Collections.Concurrent;
using System.Threading.Channels;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports;

namespace Wuts.Grains.Tests;

/// <summary>A network that answers as the test says and shows what reached it, in order.</summary>
public sealed class RecordingTransport(TimeProvider clock) : IDeviceTransport
{
    private readonly Channel<(DeviceKey Device, OutboundMessage Message)> _sent = Channel.CreateUnbounded<(DeviceKey, OutboundMessage)>();
    private readonly ConcurrentDictionary<DeviceKey, Func<OutboundMessage, Task<SendOutcome>>> _answers = new();
    private readonly ConcurrentDictionary<DeviceKey, Func<string, SendEvidence>> _evidence = new();

    private readonly ConcurrentDictionary<DeviceKey, Func<Task<ConnectOutcome>>> _links = new();

    public string Name => "recording";

    /// <summary>Typing indicators as they were shown and ended: <c>chat on</c>, <c>chat off</c>.</summary>
    public ConcurrentQueue<string> Typing { get; } = new();

    /// <summary>How the network answers this device's sends. Without it, it takes them.</summary>
    public void Answer(DeviceKey device, Func<OutboundMessage, Task<SendOutcome>> answer) => _answers[device] = answer;

    /// <summary>How the network answers this device's attempts to link. Without it, it links.</summary>
    public void AnswerLink(DeviceKey device, Func<Task<ConnectOutcome>> answer) => _links[device] = answer;

    /// <summary>What the network knows of an id when it is asked. Without it, nothing.</summary>
    public void Know(DeviceKey device, Func<string, SendEvidence> evidence) => _evidence[device] = evidence;

    /// <summary>The next message that reached the network.</summary>
    public async Task<OutboundMessage> NextSent()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        try
        {
            return (await _sent.Reader.ReadAsync(patience.Token)).Message;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException("No message reached the network.");
        }
    }

    public bool NothingSent => _sent.Reader.Count == 0;

    public Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
    {
        _sent.Writer.TryWrite((device, message));
        return _answers.TryGetValue(device, out var answer) ? answer(message) : Task.FromResult(Taken(message));
    }

    public SendOutcome Taken(OutboundMessage message) => new SendOutcome.Accepted(message.ProviderId, clock.GetUtcNow());

    public Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken) =>
        Task.FromResult(_evidence.TryGetValue(device, out var evidence) ? evidence(providerId) : new SendEvidence.Silent());

    public Task SetTypingAsync(DeviceKey device, string chatJid, bool typing, CancellationToken cancellationToken)
    {
        Typing.Enqueue($"{chatJid} {(typing ? "on" : "off")}");
        return Task.CompletedTask;
    }

    public Task<ConnectOutcome> ConnectAsync(DeviceKey device, string credentials, CancellationToken cancellationToken) =>
        _links.TryGetValue(device, out var answer) ? answer() : Task.FromResult<ConnectOutcome>(new ConnectOutcome.Connected("5511999990001@s.whatsapp.net"));

    public Task DisconnectAsync(DeviceKey device, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<bool> LogoutAsync(DeviceKey device, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<PairingTicket> RequestQrAsync(DeviceKey device, CancellationToken cancellationToken) =>
        Task.FromResult(new PairingTicket($"qr-{device.DeviceId}", clock.GetUtcNow().AddSeconds(60)));

    public Task<PairingTicket> RequestPairCodeAsync(DeviceKey device, string phone, CancellationToken cancellationToken) =>
        Task.FromResult(new PairingTicket("ABCD-1234", clock.GetUtcNow().AddSeconds(300)));
}
