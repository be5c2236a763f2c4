namespace Orleans.Configuration;

/// <summary>The names of the service and of this deployment of it. This engine keeps them for code that reads them.</summary>
public class ClusterOptions
{
    public const string DefaultClusterId = "default";
    public const string DefaultServiceId = "default";

    public string ClusterId { get; set; } = DefaultClusterId;

    public string ServiceId { get; set; } = DefaultServiceId;
}
