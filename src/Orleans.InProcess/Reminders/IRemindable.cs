using Orleans.Runtime;

namespace Orleans
{
    /// <summary>A grain that can have reminders: timers that are stored, and that activate the grain when they are due.</summary>
    public interface IRemindable : IGrain
    {
        /// <summary>
        /// One tick. It may be lost in a crash or come twice, so it should look at durable state and do what is due. The next
        /// tick waits for it.
        /// </summary>
        Task ReceiveReminder(string reminderName, TickStatus status);
    }
}

namespace Orleans.Runtime
{
    /// <summary>A reminder as it was when it was registered or read.</summary>
    public interface IGrainReminder
    {
        string ReminderName { get; }
    }

    [GenerateSerializer, Immutable]
    public readonly struct TickStatus(DateTime firstTickTime, TimeSpan period, DateTime timeStamp)
    {
        [Id(0)]
        public DateTime FirstTickTime { get; } = firstTickTime;

        [Id(1)]
        public TimeSpan Period { get; } = period;

        [Id(2)]
        public DateTime CurrentTickTime { get; } = timeStamp;

        public override string ToString() => $"<{FirstTickTime}, {Period}, {CurrentTickTime}>";
    }

    /// <summary>A reminder could not be stored or removed, because somebody else changed it at the same time.</summary>
    public sealed class ReminderException(string message) : OrleansException(message);
}
