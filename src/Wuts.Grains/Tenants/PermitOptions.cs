using System.ComponentModel.DataAnnotations;

namespace Wuts.Grains.Tenants;

/// <summary>How tenants lend permits to their devices. Section <c>Wuts:Permits</c>; the rates that tenants share are in <c>Wuts:Pools</c>.</summary>
public sealed class PermitOptions
{
    public const string Section = "Wuts:Permits";

    /// <summary>The most permits one device holds at a time. Default: 100 messages.</summary>
    [Range(1, 10_000)]
    public int BlockSize { get; set; } = 100;

    /// <summary>How long a block may be used where permits are not rationed; else it is as long as two rounds of the pool. Default: 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(10);
}
