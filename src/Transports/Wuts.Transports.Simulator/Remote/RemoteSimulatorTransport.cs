using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Messages;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>
/// The transport <c>simulator</c> of a silo whose network runs in another process, over HTTP. Each instance is a connection of
/// its own, to which the network gives the links that it makes; what another connection took over, it cannot use any more.
/// </summary>
/// <remarks>A send has no time limit here and cannot be called back; look-ups wait for it.</remarks>
public sealed class RemoteSimulatorTransport : IDeviceTransport, IDisposable
{
    // Each send under way holds a connection, and may do so for as long as the network takes to answer.
    private const int MostConnections = 4096;
    private const string Path = "simulator/transport/";

    // Longer than any caller waits: it frees what callers gave up, so that a network that hangs gathers nothing here.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // The one call on which a device waits without a limit of its own, and which does not matter.
    private static readonly TimeSpan TypingPatience = TimeSpan.FromSeconds(2);

    private static readonly Failure Unreadable = new(
        "not_understood", FailureClass.Content, Retryable: false, "The simulated network does not understand this message.");

    private readonly string _connection = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.NewGuid():N}";
    private readonly Lock _gate = new();
    private readonly UnderWay<(DeviceKey Device, string ProviderId)> _underWay = new();
    private readonly TimeProvider _clock;
    private readonly Uri _address;
    private readonly HttpClient _http;

    public RemoteSimulatorTransport(IOptions<SimulatorOptions> options, TimeProvider clock)
    {
        _clock = clock;
        _address = options.Value.Address;
        _http = WireClient.Create(options.Value.Token!, MostConnections);
    }

    public string Name => SimulatorTransport.TransportName;

    public async Task<ConnectOutcome> ConnectAsync(DeviceKey device, string credentials, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync<ConnectBody, ConnectOutcome>(
                TransportEndpoints.Connect, new(device, _connection, credentials), cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return new ConnectOutcome.Failed(e is RefusedException ? e.Message : "the simulated network cannot be reached");
        }
    }

    public Task DisconnectAsync(DeviceKey device, CancellationToken cancellationToken) =>
        AskAsync<DeviceBody, DoneAnswer>(TransportEndpoints.Disconnect, new(device, _connection), cancellationToken);

    public async Task<bool> LogoutAsync(DeviceKey device, CancellationToken cancellationToken) =>
        (await AskAsync<DeviceBody, LogoutAnswer>(TransportEndpoints.Logout, new(device, _connection), cancellationToken)).Removed;

    public Task<PairingTicket> RequestQrAsync(DeviceKey device, CancellationToken cancellationToken) =>
        AskAsync<DeviceBody, PairingTicket>(TransportEndpoints.Qr, new(device, _connection), cancellationToken);

    public Task<PairingTicket> RequestPairCodeAsync(DeviceKey device, string phone, CancellationToken cancellationToken) =>
        AskAsync<PairCodeBody, PairingTicket>(TransportEndpoints.PairCode, new(device, _connection, phone), cancellationToken);

    public Task SetTypingAsync(DeviceKey device, string chatJid, bool typing, CancellationToken cancellationToken) =>
        AskAsync<TypingBody, DoneAnswer>(
            TransportEndpoints.Typing, new(device, _connection, chatJid, typing), cancellationToken, TypingPatience);

    public Task<SendOutcome> SendAsync(DeviceKey device, OutboundMessage message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            _underWay.Begin((device, message.ProviderId));
        }

        // Never cut off: what was sent half, or waits for a connection, could still arrive after a look-up has denied it.
        return HandOverAsync(device, message).WaitAsync(cancellationToken);
    }

    public async Task<SendEvidence> LookUpAsync(DeviceKey device, string providerId, CancellationToken cancellationToken)
    {
        try
        {
            while (FindUnderWay(device, providerId) is { } ours)
            {
                await ours.WaitAsync(cancellationToken);
            }

            return await AskAsync<LookUpBody, SendEvidence>(TransportEndpoints.LookUp, new(device, providerId), cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendEvidence.Silent();
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<SendOutcome> HandOverAsync(DeviceKey device, OutboundMessage message)
    {
        try
        {
            return await PostAsync<SendBody, SendOutcome>(
                TransportEndpoints.Send,
                new(device, _connection, message.ProviderId, message.ChatJid, message.Content),
                CancellationToken.None);
        }
        catch (RefusedException e)
        {
            // The network says so before it looks at the message.
            return e.Status is HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge
                ? new SendOutcome.Refused(Unreadable)
                : new SendOutcome.NotConnected();
        }
        catch (Exception e) when (WireClient.NeverLeft(e))
        {
            return new SendOutcome.NotConnected();
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            return new SendOutcome.Unknown("the simulated network gave no answer that can be understood");
        }
        finally
        {
            lock (_gate)
            {
                _underWay.End((device, message.ProviderId));
            }
        }
    }

    private Task? FindUnderWay(DeviceKey device, string providerId)
    {
        lock (_gate)
        {
            return _underWay.Find((device, providerId));
        }
    }

    private async Task<TAnswer> AskAsync<TBody, TAnswer>(
        string action, TBody body, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        using var limit = new CancellationTokenSource(patience ?? Patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await PostAsync<TBody, TAnswer>(action, body, either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && (limit.IsCancellationRequested || WireClient.NeverLeft(e)))
        {
            throw new TimeoutException("The simulated network does not answer.", e);
        }
    }

    private async Task<TAnswer> PostAsync<TBody, TAnswer>(string action, TBody body, CancellationToken cancellationToken)
    {
        using var content = WireClient.Json(body);
        using var response = await _http.PostAsync(new Uri(_address, Path + action), content, cancellationToken);
        if (RefusedException.Why(response.StatusCode) is { } reason)
        {
            throw new RefusedException(response.StatusCode, reason);
        }

        response.EnsureSuccessStatusCode();
        return JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(cancellationToken), WireJson.Of<TAnswer>())
            ?? throw new InvalidDataException("The simulated network answered nothing.");
    }

    /// <summary>The network refused a request without acting on it.</summary>
    private sealed class RefusedException(HttpStatusCode status, string reason) : Exception(reason)
    {
        public HttpStatusCode Status { get; } = status;

        public static string? Why(HttpStatusCode status) => status switch
        {
            HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge => "the simulated network does not understand the request",
            HttpStatusCode.Unauthorized => "the simulated network refused the token (Wuts:Simulator:Token)",
            HttpStatusCode.NotFound => "there is no simulated network at this address (Wuts:Simulator:Url)",
            _ => null,
        };
    }
}
