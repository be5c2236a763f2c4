using Orleans.Runtime;

namespace Orleans.Runtime
{
    /// <summary>Anything that has a <see cref="GrainId"/>: a grain, or a reference to one.</summary>
    public interface IAddressable;
}

namespace Orleans
{
    /// <summary>What grain interfaces derive from, by way of <see cref="IGrainWithStringKey"/>.</summary>
    public interface IGrain : IAddressable;

    /// <summary>A grain interface whose key is text: the only kind of key this engine knows.</summary>
    public interface IGrainWithStringKey : IGrain;
}
