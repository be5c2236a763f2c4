using Wuts.Testing;

namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>A test that needs a <see cref="SmallDisk"/>, skipped with the reason where there can be none.</summary>
public sealed class SmallDiskFactAttribute : FactAttribute
{
    public SmallDiskFactAttribute() => Skip = SmallDisk.UnavailableBecause;
}
