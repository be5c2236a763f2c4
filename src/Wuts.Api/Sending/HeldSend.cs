using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Wuts.Api.Calls;
using Wuts.Api.Telemetry;
using Wuts.Domain.Delivery;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;
using Wuts.Grains.Messages;

namespace Wuts.Api.Sending;

/// <summary>
/// Gets a message accepted, and holds the answer until it was dispatched or patience is over. The wait is cut into calls that
/// each end well before grain calls time out, so that a silo may die in between, and costs no thread.
/// </summary>
internal sealed partial class HeldSend(
    IGrainFactory grains,
    RepeatedCalls calls,
    IOptions<HeldSendOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<HeldSend> logger)
{
    private static readonly TimeSpan PauseAfterFault = TimeSpan.FromMilliseconds(250);

    /// <summary>How long any client is kept waiting.</summary>
    public TimeSpan Patience => options.Value.Patience;

    /// <summary>How long the first call may hold its answer.</summary>
    public TimeSpan FirstHold(TimeSpan patience) => Min(options.Value.Slice, patience);

    /// <summary>
    /// Sends and waits. A hang-up of the client ends the waiting, never the acceptance. Throws what <see cref="RepeatedCalls.IsOutage"/>
    /// knows when it could not be learned whether the message was accepted.
    /// </summary>
    public async Task<SendAnswer> SendAsync(DeviceKey device, SendCommand command, HttpContext http)
    {
        var deadline = clock.GetUtcNow() + command.Patience;
        var grain = grains.GetGrain<IDeviceGrain>(device.ToString());
        ApiMetrics.Hold();
        try
        {
            var answer = await calls.RepeatAsync(() => grain.Send(command, CancellationToken.None));
            return answer is SendAnswer.Accepted { WorthWaiting: true } accepted
                ? accepted with { Message = await WaitAsync(device, accepted.Message, deadline, http) }
                : answer;
        }
        finally
        {
            ApiMetrics.Release();
        }
    }

    /// <summary>Whether nothing more is to be waited for.</summary>
    public static bool IsDispatched(Message message) => message.State is not (MessageState.Queued or MessageState.Dispatching);

    private async Task<Message> WaitAsync(DeviceKey device, Message message, DateTimeOffset deadline, HttpContext http)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        var grain = grains.GetGrain<IMessageGrain>(MessageKey.Of(device.TenantId, message.Envelope.Id));
        while (!IsDispatched(message) && !enough.IsCancellationRequested && deadline - clock.GetUtcNow() is var left && left > TimeSpan.Zero)
        {
            try
            {
                if (await grain.WaitUntilDispatched(Min(options.Value.Slice, left), enough.Token) is not { } news)
                {
                    break;
                }

                message = news;
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (Exception e) when (RepeatedCalls.IsOutage(e))
            {
                // It is accepted: whatever is away now changes when we learn more, not what we promised.
                Log.WaitFailed(logger, e, message.Envelope.Id);
                await PauseAsync(enough.Token);
            }
        }

        return message;
    }

    private async Task PauseAsync(CancellationToken enough)
    {
        try
        {
            await Task.Delay(PauseAfterFault, clock, enough);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
