using Microsoft.Extensions.DependencyInjection;
using Orleans.InProcess;
using Orleans.Storage;

namespace Orleans.Hosting;

public static class SiloBuilderReminderExtensions
{
    /// <summary>Accepted so that host code is the same on both engines: reminders work as soon as an <see cref="IReminderTable"/> is registered.</summary>
    public static ISiloBuilder AddReminders(this ISiloBuilder builder) => builder;

    /// <inheritdoc cref="AddReminders(ISiloBuilder)"/>
    public static void AddReminders(this IServiceCollection services)
    {
    }

    /// <summary>Reminders that last as long as the silo does.</summary>
    public static ISiloBuilder UseInMemoryReminderService(this ISiloBuilder builder) =>
        builder.ConfigureServices(services => services.AddSingleton<IReminderTable, InMemoryReminderTable>());

    /// <summary>Reminders in a grain storage, which last as long as that does. This engine only: Orleans has tables of its own.</summary>
    public static ISiloBuilder UseGrainStorageReminderService(this ISiloBuilder builder, string storageName) =>
        builder.ConfigureServices(services => services.AddSingleton<IReminderTable>(
            provider => new GrainStorageReminderTable(provider.GetRequiredKeyedService<IGrainStorage>(storageName))));
}
