using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Wuts.Server;

namespace Wuts.Deploy.Tests.Settings;

/// <summary>What the program answers to, as <c>METHOD /path</c>: asked of a process that was put together and never started.</summary>
internal static class Endpoints
{
    private static readonly Lazy<HashSet<string>> Found = new(Find);

    public static HashSet<string> All => Found.Value;

    private static HashSet<string> Find()
    {
        var folder = Directory.CreateTempSubdirectory("wuts-deploy-");
        try
        {
            using var app = (IDisposable)WutsServer.Build([$"--Wuts:DataPath={folder.FullName}"]);
            return
            [
                .. from endpoint in ((IEndpointRouteBuilder)(WebApplication)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                   from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
                   select $"{method} {endpoint.RoutePattern.RawText}",
            ];
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
