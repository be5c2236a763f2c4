using Orleans.Runtime;

namespace Orleans.InProcess;

internal sealed class GrainFactory(IServiceProvider services, CallSender sender) : IClusterClient
{
    private readonly GrainClasses _classes = GrainClasses.OfApplication.Value;

    public IServiceProvider ServiceProvider => services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), primaryKey, grainClassNamePrefix);

    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey) =>
        (IGrain)(object)Reference(grainInterfaceType, grainPrimaryKey, prefix: null);

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable =>
        (TGrainInterface)(object)Reference(typeof(TGrainInterface), grainId);

    public IAddressable GetGrain(GrainId grainId) => Reference(typeof(IAddressable), grainId);

    private GrainReference Reference(Type grainInterface, string key, string? prefix)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        var grainClass = _classes.Implementing(grainInterface, prefix);
        return GrainReference.Create(grainInterface, GrainId.Create(grainClass.GrainType, key), grainClass, sender);
    }

    private GrainReference Reference(Type grainInterface, GrainId grainId) =>
        GrainReference.Create(grainInterface, grainId, _classes.Find(grainId.Type), sender);
}
