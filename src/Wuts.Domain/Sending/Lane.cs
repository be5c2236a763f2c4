namespace Wuts.Domain.Sending;

/// <summary>
/// The class of urgency in which a chat competes for its device. The order is the rule, the most urgent first: do not sort it. The
/// names are shown in lower case: never rename them.
/// </summary>
public enum Lane
{
    /// <summary>One-time passwords.</summary>
    Authentication,

    /// <summary>Utility and service: what the recipient waits for, and can wait for.</summary>
    Utility,

    /// <summary>Marketing: what fills the time that the others leave, and its share in any case.</summary>
    Marketing,
}

/// <summary>The lanes of a device.</summary>
public static class Lanes
{
    public static Lane Of(Category category) => category switch
    {
        Category.Authentication => Lane.Authentication,
        Category.Marketing => Lane.Marketing,
        _ => Lane.Utility,
    };

    internal static Lane MoreUrgent(Lane a, Lane b) => a < b ? a : b;
}
