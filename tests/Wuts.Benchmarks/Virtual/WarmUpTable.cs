using System.Globalization;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Grains.Devices;

namespace Wuts.Benchmarks.Virtual;

/// <summary>A cold number and 2,000 people who are new to it: what each was told at acceptance, and when its message left.</summary>
internal static class WarmUpTable
{
    private const int Strangers = 2000;

    public static void Write() => VirtualWorld.Run(_ => { }, async world =>
    {
        await world.Wait(TimeSpan.FromHours(10));
        var told = new Dictionary<string, DateTimeOffset>();
        for (var i = 0; i < Strangers; i++)
        {
            var accepted = (SendAnswer.Accepted)await world.Send($"55119{i:D8}", Category.Marketing);
            told[accepted.Message.Envelope.Id] = accepted.Message.NotBefore ?? accepted.Message.Envelope.DueAt;
        }

        await world.Wait(TimeSpan.FromDays(1));
        await world.Restart();
        await world.Number.Wake();
        while (world.Network.Taken.Count < Strangers)
        {
            await world.Wait(TimeSpan.FromHours(1));
        }

        Print(world, told);
    });

    private static void Print(VirtualWorld world, Dictionary<string, DateTimeOffset> told)
    {
        var left = world.Network.Taken;
        Console.WriteLine($"\nA cold number and {Strangers:N0} strangers, accepted on day 1 at 10:00 UTC; the process was restarted on day 2\n");
        Console.WriteLine("  day   allowed   told   left    first      last   latest after what was told");
        var days = left.GroupBy(sent => sent.At.UtcDateTime.Date).OrderBy(day => day.Key).ToList();
        var limits = Domain.Pacing.WarmUpSchedules.Published;
        for (var i = 0; i < days.Count; i++)
        {
            var late = days[i].Max(sent => sent.At - told[sent.Message.ProviderId]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {i + 1,3}   {limits[i],7:N0}   {told.Values.Count(at => at.UtcDateTime.Date == days[i].Key),4}   {days[i].Count(),4}   {days[i].Min(sent => sent.At):HH:mm:ss}   {days[i].Max(sent => sent.At):HH:mm:ss}   {late.TotalSeconds:N1} s"));
        }

        var stored = world.Database.Messages;
        var early = left.Count(sent => sent.At < told[sent.Message.ProviderId]);
        var inOrder = left.Select(sent => sent.Message.ProviderId).SequenceEqual(stored.Select(message => message.Envelope.Id));
        Console.WriteLine($"\n  before their time {early}; in the order of acceptance: {(inOrder ? "yes" : "no")}; sent {stored.Count(message => message.State >= MessageState.Sent):N0} of {stored.Length:N0}");
    }
}
