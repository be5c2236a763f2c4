using Wuts.Transports.Simulator.Log;
using Wuts.Transports.Simulator.Messages;
using Wuts.Transports.Simulator.Rules;

namespace Wuts.Transports.Simulator.Phones;

/// <summary>
/// What owners of phones do about what they receive: as their phone was told, or else by chance. Only on what a person receives;
/// groups and channels do nothing. Called under the gate.
/// </summary>
internal sealed class Reactions(NetworkCore core)
{
    /// <summary>Blocks a sender before its message comes, on a phone that was told to.</summary>
    public void BeforeMessage(Phone phone, string sender, string id)
    {
        if (phone.State.Reactions is { } told && told.Any(r => r is { Does: ReactionKind.Block, After: 0 }))
        {
            Block(phone, sender, id);
        }
    }

    /// <summary>Reacts to a message that was just delivered.</summary>
    public void OnDelivered(NetworkMessage message)
    {
        var phone = core.State.Phones[message.To];
        if (!Standing.IsPerson(phone.Number))
        {
            return;
        }

        if (phone.State.Reactions is not { } told)
        {
            ByChance(phone, message);
            return;
        }

        foreach (var reaction in told.Where(r => r.After == phone.ReceivedFrom(message.Key.From)))
        {
            switch (reaction.Does)
            {
                case ReactionKind.Block:
                    Block(phone, message.Key.From, message.Key.Id);
                    break;
                case ReactionKind.Report:
                    Report(phone, message.Key.From, message.Key.Id);
                    break;
                default:
                    Write(phone, message.Key.From, reaction.Text!);
                    break;
            }
        }
    }

    /// <summary>Complains of a number. Its messages still come.</summary>
    /// <param name="id">The message that caused it, if one did.</param>
    public LogEntry Report(Phone phone, string sender, string? id) =>
        core.Record(new LogEntry { Kind = LogKind.Reported, From = phone.Number, To = sender, Id = id });

    /// <summary>Writes from a phone. The devices of a number that blocks it are not told.</summary>
    public LogEntry Write(Phone phone, string to, string text)
    {
        // As WhatsApp's phones name theirs; the line's number makes it unique.
        var id = $"3A{core.Log.LastSeq + 1:X10}{core.Chance.Letters("0123456789ABCDEF", 8)}";
        var blocked = core.State.Phones.GetValueOrDefault(to)?.State.Blocks.Contains(phone.Number) == true;
        return core.Record(new LogEntry
        {
            Kind = LogKind.Received,
            From = phone.Number,
            To = to,
            Id = id,
            Type = "text",
            Text = text,
            Blocked = blocked ? true : null,
        });
    }

    private void ByChance(Phone phone, NetworkMessage message)
    {
        var faults = core.Faults;
        var sender = message.Key.From;
        if (core.State.Phones[sender].Standing!.IsStranger(phone.Number))
        {
            if (core.Chance.Happens(faults.ReportRate))
            {
                Report(phone, sender, message.Key.Id);
            }

            if (core.Chance.Happens(faults.BlockRate))
            {
                Block(phone, sender, message.Key.Id);
            }
        }

        if (core.Chance.Happens(faults.ReplyRate))
        {
            Write(phone, sender, faults.ReplyText);
        }
    }

    private void Block(Phone phone, string sender, string id)
    {
        if (!phone.State.Blocks.Contains(sender))
        {
            core.Record(new LogEntry { Kind = LogKind.Blocked, From = phone.Number, To = sender, Id = id });
        }
    }
}
