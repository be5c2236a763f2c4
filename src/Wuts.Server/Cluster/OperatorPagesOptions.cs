namespace Wuts.Server.Cluster;

/// <summary>What operators see of the inside, at <c>/orleans</c>. Section <c>Wuts:Dashboard</c>.</summary>
public sealed class OperatorPagesOptions
{
    public const string Section = "Wuts:Dashboard";

    /// <summary>Whether the Orleans dashboard is there. It samples calls and counters every second. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Whether the dashboard's log stream and its view of a grain's state are there, which may show texts of messages. Default: false.</summary>
    public bool TraceAndState { get; set; }
}
