using Microsoft.Extensions.Logging;
using Orleans;
using Wuts.Domain.Compliance;
using Wuts.Domain.Devices;
using Wuts.Grains.Devices;
using Wuts.Storage;

namespace Wuts.Api.Consents;

/// <summary>
/// Tells devices of opt-outs, so that what waits for these recipients is rejected at once and nobody sees them typing. Best effort: what is
/// not told is refused when it is claimed.
/// </summary>
internal sealed partial class OptOutNews(IGrainFactory grains, IMessageStore messages, ILogger<OptOutNews> logger)
{
    private const int AtATime = 16;

    /// <summary>Tells of those of the consents that are opt-outs. Never throws.</summary>
    public async Task TellAsync(IEnumerable<Consent> consents)
    {
        try
        {
            await Parallel.ForEachAsync(
                consents.Where(consent => consent.State == ConsentState.OptedOut),
                new ParallelOptions { MaxDegreeOfParallelism = AtATime },
                async (consent, stop) => await TellAsync(consent, stop));
        }
#pragma warning disable CA1031 // The opt-outs are stored, and hold.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.NotTold(logger, e);
        }
    }

    private async Task TellAsync(Consent consent, CancellationToken stop)
    {
        foreach (var device in await messages.ListDevicesWithUnsentAsync(consent.TenantId, consent.ChatJid, stop))
        {
            await grains.GetGrain<IDeviceGrain>(new DeviceKey(consent.TenantId, device).ToString()).HearOfOptOut(consent.ChatJid, stop);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(8020, LogLevel.Warning, "Not every device was told of an opt-out: their claims will be refused")]
        public static partial void NotTold(ILogger logger, Exception exception);
    }
}
