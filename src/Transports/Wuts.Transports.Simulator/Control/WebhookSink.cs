using System.Collections.Immutable;

namespace Wuts.Transports.Simulator.Control;

/// <summary>
/// A place to send webhooks to and look at them. In memory only, and bounded: names, webhooks of a name, and their size.
/// </summary>
internal sealed class WebhookSink(TimeProvider clock)
{
    public const int MostNames = 100;
    private const int KeptPerName = 10_000;
    private const long KeptCharsPerName = 16 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Inbox> _inboxes = [];

    /// <summary>Keeps what came. What is too much pushes out the oldest.</summary>
    /// <returns>How to answer; <c>null</c> when there are too many names.</returns>
    public WebhookAnswer? Keep(string name, IReadOnlyDictionary<string, string> headers, string body)
    {
        lock (_gate)
        {
            if (Open(name) is not { } inbox)
            {
                return null;
            }

            inbox.Events.Enqueue(new ReceivedWebhook(++inbox.LastSeq, clock.GetUtcNow(), headers, body));
            inbox.Chars += body.Length;
            while (inbox.Events.Count > KeptPerName || (inbox.Chars > KeptCharsPerName && inbox.Events.Count > 1))
            {
                inbox.Chars -= inbox.Events.Dequeue().Body.Length;
            }

            return inbox.Answer;
        }
    }

    /// <summary>What came after a number, oldest first; empty for a name that never got anything.</summary>
    public ImmutableArray<ReceivedWebhook> Read(string name, long after, int limit)
    {
        lock (_gate)
        {
            return _inboxes.TryGetValue(name, out var inbox) ? [.. inbox.Events.Where(e => e.Seq > after).Take(limit)] : [];
        }
    }

    /// <summary>Changes how it answers from now on. Returns <c>false</c> when there are too many names.</summary>
    public bool AnswerWith(string name, WebhookAnswer answer)
    {
        lock (_gate)
        {
            if (Open(name) is not { } inbox)
            {
                return false;
            }

            inbox.Answer = answer;
            return true;
        }
    }

    private Inbox? Open(string name)
    {
        if (!_inboxes.TryGetValue(name, out var inbox) && _inboxes.Count < MostNames)
        {
            _inboxes[name] = inbox = new Inbox();
        }

        return inbox;
    }

    private sealed class Inbox
    {
        public Queue<ReceivedWebhook> Events { get; } = [];

        public WebhookAnswer Answer { get; set; } = new();

        public long LastSeq { get; set; }

        public long Chars { get; set; }
    }
}
