using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using Wuts.Domain.Sending;
using Wuts.Grains.Pacing;

namespace Wuts.Benchmarks.Virtual;

/// <summary>
/// A number with more to send than it may, and what happens to its pace: marketing stops arriving, the rating turns red, a ban, and
/// recovery. Its ceiling is 60 a minute, so that a table of hours is made in seconds; the thresholds are the defaults.
/// </summary>
internal static class PaceTable
{
    private const int CeilingPerMinute = 60;
    private static readonly TimeSpan Row = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Length = TimeSpan.FromHours(8);

    public static void Write() => VirtualWorld.Run(Configure, async world =>
    {
        await world.Number.SetWarmUp(new(Enabled: false));
        var start = world.Clock.GetUtcNow();
        world.Start(() => Feed(world, start + Length));
        world.Start(() => Live(world, start));
        Console.WriteLine($"\nThe pace of a number, messages a minute: ceiling {CeilingPerMinute}, floor 6; two of three messages are marketing\n");
        Console.WriteLine("  time    left  of them    pace  marketing  score  rating   session    what changed it");
        Console.WriteLine("        10 min  marketing");
        var (seen, shown) = (0, start);
        while (world.Clock.GetUtcNow() < start + Length)
        {
            await world.Wait(Row);
            seen = await PrintRow(world, start, seen, shown);
            shown = world.Clock.GetUtcNow();
        }

        Console.WriteLine($"\n  most that left within any minute: {MostWithin(world, TimeSpan.FromMinutes(1))} (rate and burst allow {CeilingPerMinute + 2})");
    });

    private static void Configure(IServiceCollection services) => services.Configure<PaceOptions>(options =>
        options.Profiles["default"].CeilingPerMinute = CeilingPerMinute);

    private static async Task Live(VirtualWorld world, DateTimeOffset start)
    {
        var marketing = 0;
        world.Network.Delivers = message => !(IsMarketing(message) && ++marketing % 2 == 0 && Elapsed() is { TotalMinutes: > 30 and < 60 });
        await world.Wait(TimeSpan.FromMinutes(165));
        await world.Network.Sink([new DeviceEvent.QualityChanged(QualityRating.Red, world.Clock.GetUtcNow())]);
        await world.Wait(TimeSpan.FromMinutes(40));
        await world.Network.Sink([new DeviceEvent.QualityChanged(QualityRating.Green, world.Clock.GetUtcNow())]);
        await world.Wait(TimeSpan.FromMinutes(70));
        var now = world.Clock.GetUtcNow();
        world.Network.BannedUntil = now.AddMinutes(30);
        await world.Network.Sink([new DeviceEvent.Banned("too many reports", world.Network.BannedUntil, now)]);

        TimeSpan Elapsed() => world.Clock.GetUtcNow() - start;
    }

    private static async Task Feed(VirtualWorld world, DateTimeOffset until)
    {
        for (var i = 0; world.Clock.GetUtcNow() < until; i++)
        {
            if (world.Database.Messages.Length - world.Network.Taken.Count < 2 * CeilingPerMinute)
            {
                for (var n = 0; n < CeilingPerMinute; n++)
                {
                    await world.Send(n % 3 == 0 ? $"55118{n:D8}" : $"55119{n:D8}", n % 3 == 0 ? Category.Utility : Category.Marketing);
                }
            }

            await world.Wait(TimeSpan.FromSeconds(20));
        }
    }

    private static async Task<int> PrintRow(VirtualWorld world, DateTimeOffset start, int seen, DateTimeOffset since)
    {
        var health = (await world.Number.GetHealth())!;
        var left = world.Network.Taken.Skip(seen).ToList();
        var marketing = health.Pace.Categories.Single(part => part.Category == Category.Marketing).Rate;
        var changes = health.Pace.Pace.Changes.Where(change => change.At > since && change.At <= world.Clock.GetUtcNow()).Select(Describe);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"  {world.Clock.GetUtcNow() - start:hh\\:mm}  {left.Count,6}  {left.Count(sent => IsMarketing(sent.Message)),9}  {health.Pace.Pace.Rate * 60,6:N1}  {marketing * 60,9:N1}  {health.Report.Score,5}  {health.Pace.Pace.Rating,-7}  {health.Device.Session.State,-9}  {string.Join("; ", changes)}"));
        return seen + left.Count;
    }

    private static string Describe(PaceChange change)
    {
        var whose = change.Category is { } category ? $" of {category.ToString().ToLowerInvariant()}" : string.Empty;
        var measure = change is { Value: { } value, Threshold: { } threshold } ? $" {value:0.00} of {threshold:0.00}" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{change.Signal}{whose}{measure}: {change.Before * 60:N1} to {change.After * 60:N1}");
    }

    private static bool IsMarketing(OutboundMessage message) => message.ChatJid.StartsWith("55119", StringComparison.Ordinal);

    private static int MostWithin(VirtualWorld world, TimeSpan window)
    {
        var times = world.Network.Taken.Select(sent => sent.At).ToList();
        var (most, first) = (0, 0);
        for (var last = 0; last < times.Count; last++)
        {
            while (times[last] - times[first] > window)
            {
                first++;
            }

            most = Math.Max(most, last - first + 1);
        }

        return most;
    }
}
