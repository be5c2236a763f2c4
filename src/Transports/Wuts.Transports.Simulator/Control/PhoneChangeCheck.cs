using Wuts.Transports.Simulator.Phones;

namespace Wuts.Transports.Simulator.Control;

/// <summary>What can be wrong with the values of a phone's change.</summary>
internal static class PhoneChangeCheck
{
    private const int MostReactions = 10;
    private const int HighestCap = 1_000_000;

    /// <summary>The first field that is wrong; <c>null</c> when none is.</summary>
    public static FieldError? Find(PhoneChange change)
    {
        if (change.NewChatCap is < 0 or > HighestCap)
        {
            return new("new_chat_cap", $"must be 0 (any number) to {HighestCap} chats", change.NewChatCap);
        }

        var reactions = change.Reactions ?? [];
        if (reactions.Length > MostReactions)
        {
            return new("reactions", $"must be {MostReactions} at most", reactions.Length);
        }

        for (var i = 0; i < reactions.Length; i++)
        {
            if (reactions[i] is null)
            {
                return new($"reactions[{i}]", "must be an object", null);
            }

            if (reactions[i].Check() is var (field, message, value))
            {
                return new($"reactions[{i}].{field}", message, value);
            }
        }

        return null;
    }
}
