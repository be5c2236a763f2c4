namespace Wuts.EndToEnd.Tests.Faults;

/// <summary>Runs that take the whole machine: one after the other, and beside nothing else.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class FaultCollection
{
    public const string Name = "faults";
}
