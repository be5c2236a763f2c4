namespace Wuts.Domain.Delivery;

/// <summary>Why a queued message does not leave before a time of its own. The names are stored (snake_case): add, never rename.</summary>
public enum HoldReason
{
    /// <summary>An attempt was refused for a passing reason.</summary>
    Retry,

    /// <summary>Its recipient is new to a number that is being warmed up, and is planned for another day.</summary>
    WarmUp,

    /// <summary>The network lets the number not write to this recipient until then.</summary>
    Restricted,
}
