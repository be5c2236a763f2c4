using Orleans.Dashboard;
using Orleans.Hosting;
using Wuts.Api;

namespace Wuts.Server.Cluster;

/// <summary>Orleans' own dashboard at <c>/orleans</c>, for operators only.</summary>
internal static class Dashboard
{
    private const string Path = "/orleans";

    // These two may show what messages say.
    private static readonly string[] Texts = ["/Trace", "/GrainState"];

    public static void AddTo(ISiloBuilder silo, IConfiguration configuration)
    {
        if (Read(configuration) is { Enabled: true } options)
        {
            silo.AddDashboard(dashboard => dashboard.HideTrace = !options.TraceAndState);
        }
    }

    public static void AddTo(IClientBuilder client, IConfiguration configuration)
    {
        if (Read(configuration) is { Enabled: true } options)
        {
            client.AddDashboard(dashboard => dashboard.HideTrace = !options.TraceAndState);
        }
    }

    public static void Map(WebApplication app)
    {
        if (Read(app.Configuration) is not { Enabled: true } options)
        {
            return;
        }

        var dashboard = app.MapOrleansDashboard(Path).RequireOperator().ExcludeFromDescription();
        if (!options.TraceAndState)
        {
            dashboard.AddEndpointFilter(async (call, next) => IsOfTexts(call.HttpContext.Request.Path) ? Results.NotFound() : await next(call));
        }
    }

    private static bool IsOfTexts(PathString path) => Texts.Any(text => path.StartsWithSegments(Path + text));

    private static OperatorPagesOptions Read(IConfiguration configuration) =>
        configuration.GetSection(OperatorPagesOptions.Section).Get<OperatorPagesOptions>() ?? new();
}
