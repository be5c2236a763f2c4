using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>What a silo is made of: start reading here.</summary>
internal static class SiloServices
{
    public static void AddSilo(this IServiceCollection services)
    {
        services.AddOptions();
        services.AddLogging();
        services.TryAddSingleton(TimeProvider.System);

        // An area of the silo that has no clock of its own uses the silo's.
        services.TryAddKeyedSingleton(KeyedService.AnyKey, static (provider, _) => provider.GetRequiredService<TimeProvider>());
        services.TryAddSingleton<TurnScheduler, ConcurrentTurnScheduler>();

        services.AddSingleton<Silo>();
        services.AddSingleton<ReminderService>();
        services.AddSingleton<IHostedService>(static provider => provider.GetRequiredService<Silo>());

        services.TryAddSingleton<IClusterClient>(static provider => new GrainFactory(provider, provider.GetRequiredService<Silo>().Sender));
        services.TryAddSingleton<IGrainFactory>(static provider => provider.GetRequiredService<IClusterClient>());
        services.TryAddSingleton<IGrainContextAccessor, GrainContextAccessor>();
        services.TryAddScoped<IGrainContext>(static _ => RuntimeContext.Current ?? throw new InvalidOperationException("There is a grain context in the turns of a grain only."));

        services.AddSingleton<IValidateOptions<GrainCollectionOptions>, GrainCollectionOptionsValidator>();
    }

    private sealed class GrainContextAccessor : IGrainContextAccessor
    {
        public IGrainContext GrainContext => RuntimeContext.Current!;
    }

    private sealed class GrainCollectionOptionsValidator : IValidateOptions<GrainCollectionOptions>
    {
        public ValidateOptionsResult Validate(string? name, GrainCollectionOptions options)
        {
            var ages = options.ClassSpecificCollectionAge.Append(new(nameof(options.CollectionAge), options.CollectionAge));
            var tooShort = ages.Where(a => a.Value <= options.CollectionQuantum && a.Value != Timeout.InfiniteTimeSpan).Select(a => a.Key).ToList();
            return tooShort.Count == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail($"{nameof(GrainCollectionOptions)}: the age of {string.Join(", ", tooShort)} must be longer than the quantum, {options.CollectionQuantum}.");
        }
    }
}
