using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wuts.Domain.Sending;
using Wuts.Transports.Simulator.Control;

namespace Wuts.Transports.Simulator.Remote;

/// <summary>
/// The network's side of the transport port, for silos in other processes. A caller that hangs up calls nothing back: what it
/// asked for goes on.
/// </summary>
internal sealed class TransportEndpoints(SimulatedNetwork network, Answer answer)
{
    public const string Connect = "connect";
    public const string Disconnect = "disconnect";
    public const string Logout = "logout";
    public const string Qr = "qr";
    public const string PairCode = "pair-code";
    public const string Typing = "typing";
    public const string Send = "send";
    public const string LookUp = "look-up";

    public void Map(IEndpointRouteBuilder routes)
    {
        Map<ConnectBody, ConnectOutcome>(routes, Connect, (b, token) => network.ConnectAsync(b.Device, b.Credentials, b.Connection, token));
        Map<DeviceBody, DoneAnswer>(routes, Disconnect, (b, _) =>
        {
            network.Disconnect(b.Device, b.Connection);
            return Task.FromResult(new DoneAnswer());
        });
        Map<DeviceBody, LogoutAnswer>(routes, Logout, async (b, _) => new(await network.LogoutAsync(b.Device, b.Connection)));
        Map<DeviceBody, PairingTicket>(routes, Qr, (b, _) => network.ShowQrAsync(b.Device, b.Connection));
        Map<PairCodeBody, PairingTicket>(routes, PairCode, (b, _) => network.ShowPairCodeAsync(b.Device, b.Phone, b.Connection));
        Map<TypingBody, DoneAnswer>(routes, Typing, (b, _) =>
        {
            network.SetTyping(b.Device, b.ChatJid, b.Typing, b.Connection);
            return Task.FromResult(new DoneAnswer());
        });
        Map<SendBody, SendOutcome>(
            routes, Send, (b, token) => network.SendAsync(b.Device, new OutboundMessage(b.ProviderId, b.ChatJid, b.Content), b.Connection, token));
        Map<LookUpBody, SendEvidence>(routes, LookUp, (b, token) => network.LookUpAsync(b.Device, b.ProviderId, token));
    }

    private void Map<TBody, TAnswer>(IEndpointRouteBuilder routes, string action, Func<TBody, CancellationToken, Task<TAnswer>> handle)
        where TBody : class =>
        routes.MapPost(action, async (HttpRequest request) =>
        {
            var (body, refusal) = await RequestBody.ReadAsync(request, answer, WireJson.Of<TBody>(), RequestBody.Largest);
            if (body is null)
            {
                return (IResult)refusal!;
            }

            var told = await handle(body, request.HttpContext.RequestAborted);
            return TypedResults.Bytes(JsonSerializer.SerializeToUtf8Bytes(told, WireJson.Of<TAnswer>()), "application/json");
        });
}
