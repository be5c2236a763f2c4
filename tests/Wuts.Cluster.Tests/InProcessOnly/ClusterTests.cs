namespace Wuts.Cluster.Tests.InProcessOnly;

public sealed class ClusterTests
{
    [Fact(Skip = "A cluster needs the Orleans engine: -p:WutsEngine=orleans.")]
    public void Silos_and_gateways_form_a_cluster()
    {
    }
}
