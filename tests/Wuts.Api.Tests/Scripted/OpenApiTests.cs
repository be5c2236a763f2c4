using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Routing;
using Wuts.Api.Tests.Support;

namespace Wuts.Api.Tests.Scripted;

public sealed class OpenApiTests(ScriptedFixture fixture) : IClassFixture<ScriptedFixture>
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>
    /// The document is a promise to clients, so that a change of it is seen in review. To accept a change: run the tests with
    /// <c>WUTS_UPDATE_SNAPSHOTS=1</c> and commit <c>tests/Wuts.Api.Tests/openapi.json</c>.
    /// </summary>
    [Fact]
    public async Task The_document_is_the_one_that_was_reviewed()
    {
        var document = (await Document()).ToJsonString(Indented) + "\n";
        var path = SnapshotPath();
        if (Environment.GetEnvironmentVariable("WUTS_UPDATE_SNAPSHOTS") == "1")
        {
            await File.WriteAllTextAsync(path, document);
        }

        Assert.Equal(await File.ReadAllTextAsync(path), document);
    }

    [Fact]
    public async Task Every_endpoint_is_in_the_document_with_a_summary_and_its_errors()
    {
        var paths = (await Document())["paths"]!.AsObject();
        var endpoints = fixture.FrontEnd.Service<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText != "/openapi.json" && e.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null)
            .Select(e => (Path: e.RoutePattern.RawText!, Method: e.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods.Single().ToLowerInvariant()));

        Assert.All(endpoints, endpoint =>
        {
            var operation = paths[endpoint.Path]![endpoint.Method]!;
            Assert.NotEqual("", operation["summary"]!.GetValue<string>());
            Assert.NotNull(operation["responses"]!["500"]);
            Assert.NotNull(operation["responses"]!["503"]!["headers"]!["Retry-After"]);
        });
    }

    [Fact]
    public async Task Every_error_code_is_in_the_document()
    {
        var description = (await Document())["info"]!["description"]!.GetValue<string>();

        Assert.All(Errors.ErrorCodes.All, code => Assert.Contains($"| {code.Name} | {code.Status} |", description, StringComparison.Ordinal));
    }

    [Fact]
    public void No_two_codes_of_one_name_have_one_status() =>
        Assert.Equal(Errors.ErrorCodes.All.Length, Errors.ErrorCodes.All.Select(c => (c.Name, c.Status)).Distinct().Count());

    private async Task<JsonNode> Document() =>
        JsonNode.Parse((await fixture.FrontEnd.Client.Get("/openapi.json")).Is(HttpStatusCode.OK).Body.GetRawText())!;

    private static string SnapshotPath([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "..", "openapi.json");
}
