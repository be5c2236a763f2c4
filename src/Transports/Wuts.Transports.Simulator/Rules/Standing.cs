using Wuts.Domain.Devices;

namespace Wuts.Transports.Simulator.Rules;

/// <summary>
/// What the network holds of a number as a sender: to whom it wrote, who wrote to it, who complained. Only lines of the log change
/// it. Guarded by the network's gate.
/// </summary>
internal sealed class Standing
{
    /// <summary>How many of the last sends are remembered; enough for the highest limit a second.</summary>
    public const int SendsKept = 1000;

    private readonly HashSet<string> _writers = [];
    private readonly HashSet<string> _chats = [];
    private readonly List<DateTimeOffset> _sends = [];
    private readonly List<Complaint> _complaints = [];
    private readonly Dictionary<string, DateTimeOffset> _strangers = [];
    private readonly Queue<(DateTimeOffset At, string Stranger)> _strangersInOrder = [];
    private long _sent;
    private DateTimeOffset? _chatsSince;
    private int _chatsOpened;

    /// <summary>The rating in force.</summary>
    public QualityRating Rating { get; set; } = QualityRating.Green;

    /// <summary>When its last ban by a rule began.</summary>
    public DateTimeOffset? BannedAt { get; private set; }

    /// <summary>The line of the last message that opened a chat with a stranger.</summary>
    public long LastOpening { get; private set; }

    /// <summary>Groups, channels and what else has a JID of its own are nobody's strangers.</summary>
    public static bool IsPerson(string number) => !number.Contains('@', StringComparison.Ordinal);

    public bool IsStranger(string number) => IsPerson(number) && !_writers.Contains(number);

    /// <summary>Whether a message to this number would open a chat.</summary>
    public bool WouldOpen(string number) => IsStranger(number) && !_chats.Contains(number);

    public bool HasComplaints => _complaints.Count > 0;

    public void Send(long seq, string to, DateTimeOffset at)
    {
        _sent++;
        _sends.Add(at);
        if (_sends.Count >= 2 * SendsKept)
        {
            _sends.RemoveRange(0, SendsKept);
        }

        _complaints.RemoveAll(c => IsOld(c, at));
        if (!IsStranger(to))
        {
            return;
        }

        _strangers[to] = at;
        _strangersInOrder.Enqueue((at, to));
        ForgetStrangers(at);
        if (_chats.Add(to))
        {
            if (ChatsUntil is not { } until || until <= at)
            {
                (_chatsSince, _chatsOpened) = (at, 0);
            }

            _chatsOpened++;
            LastOpening = seq;
        }
    }

    /// <summary>Whoever wrote to it is no stranger any more.</summary>
    public void WrittenBy(string number)
    {
        _writers.Add(number);
        _strangers.Remove(number);
    }

    public void Complain(DateTimeOffset at, bool report) => _complaints.Add(new(at, _sent, report));

    public void Ban(DateTimeOffset at)
    {
        BannedAt = at;
        _strangers.Clear();
        _strangersInOrder.Clear();
    }

    /// <summary>How many strangers it wrote to within the last day, since its last ban.</summary>
    public int CountStrangers(DateTimeOffset now)
    {
        ForgetStrangers(now);
        return _strangers.Count;
    }

    /// <summary>How many messages <see cref="QualityRule"/> looks at.</summary>
    public int CountMessages(DateTimeOffset now)
    {
        var count = 0;
        while (count < Math.Min(_sends.Count, QualityRule.Messages) && _sends[^(count + 1)] > now - QualityRule.Memory)
        {
            count++;
        }

        return count;
    }

    public int CountBlocks(DateTimeOffset now) => _complaints.Count(c => !c.Report && !IsOld(c, now));

    /// <param name="since">Only those after it.</param>
    public int CountReports(DateTimeOffset now, DateTimeOffset? since = null) =>
        _complaints.Count(c => c.Report && !IsOld(c, now) && !(c.At <= since));

    /// <summary>When complaints of the last day grow too old, one by one.</summary>
    public IEnumerable<DateTimeOffset> Forgetting() => _complaints.Select(c => c.At + QualityRule.Memory);

    /// <summary>How many chats it opened in the day that runs.</summary>
    public int CountNewChats(DateTimeOffset now) => ChatsUntil > now ? _chatsOpened : 0;

    /// <summary>When the day ends, in which its new chats are counted; <c>null</c> before the first.</summary>
    public DateTimeOffset? ChatsUntil => _chatsSince + NetworkRules.Day;

    /// <summary>The time of its last send but so many; <c>null</c> when it sent fewer.</summary>
    public DateTimeOffset? SendBefore(int count) => count <= _sends.Count ? _sends[^count] : null;

    private bool IsOld(Complaint complaint, DateTimeOffset now) =>
        complaint.At <= now - QualityRule.Memory || _sent - complaint.Sent >= QualityRule.Messages;

    private void ForgetStrangers(DateTimeOffset now)
    {
        while (_strangersInOrder.TryPeek(out var oldest) && oldest.At <= now - NetworkRules.Day)
        {
            _strangersInOrder.Dequeue();
            if (_strangers.TryGetValue(oldest.Stranger, out var last) && last == oldest.At)
            {
                _strangers.Remove(oldest.Stranger);
            }
        }
    }

    /// <param name="Sent">How many messages the number had sent by then.</param>
    private readonly record struct Complaint(DateTimeOffset At, long Sent, bool Report);
}
