namespace Wuts.Cluster.Tests.Faults;

/// <summary>One cluster at a time: several would wait for each other's processors, and nobody could tell that from a fault.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterCollection
{
    public const string Name = "cluster";
}
