using Orleans.Runtime;

namespace Orleans;

/// <summary>Makes references to grains. Making one neither activates the grain nor costs a call.</summary>
public interface IGrainFactory
{
    /// <param name="primaryKey">The grain's key.</param>
    /// <param name="grainClassNamePrefix">Picks the class when several implement the interface: how its full name starts.</param>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey;

    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable;

    IAddressable GetGrain(GrainId grainId);

    IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey);
}

/// <summary>The way into the grains for code that is none.</summary>
public interface IClusterClient : IGrainFactory
{
    IServiceProvider ServiceProvider { get; }
}
