namespace Wuts.Webhooks;

/// <summary>A tenant's URL leads where this process must not go. Nothing was sent. The message may be shown to the tenant.</summary>
public sealed class TargetRefusedException(string message) : Exception(message);
