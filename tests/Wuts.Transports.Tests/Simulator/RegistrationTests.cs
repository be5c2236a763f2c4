using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wuts.Transports.Simulator;
using Wuts.Transports.Simulator.Control;

namespace Wuts.Transports.Tests.Simulator;

public sealed class RegistrationTests
{
    [Theory]
    [InlineData("Token", null, "Wuts:Simulator:Token")]
    [InlineData("Token", "short", "Wuts:Simulator:Token")]
    [InlineData("Events", "", "Wuts:Simulator:Events")]
    [InlineData("Events", "http://127.0.0.1:8080;gateway", "'gateway'")]
    public async Task A_network_of_its_own_does_not_start_without_what_it_needs(string key, string? value, string named)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ProcessHost.StartAsync(
            (services, configuration) => services.AddSimulatorNetwork(configuration),
            _ => { },
            settings: [("Events", "http://127.0.0.1:8080"), (key, value)]));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Token", null, "Wuts:Simulator:Token")]
    [InlineData("Url", "simulator:8080", "Wuts:Simulator:Url")]
    [InlineData("Url", "/simulator", "Wuts:Simulator:Url")]
    public async Task A_way_to_a_network_elsewhere_needs_its_address_and_the_token(string key, string? value, string named)
    {
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => ProcessHost.StartAsync(
            (services, configuration) => services.AddRemoteSimulator(configuration),
            _ => { },
            settings: [("Url", "http://127.0.0.1:8080"), (key, value)]));

        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_address_there_is_no_transport_and_without_a_token_there_are_no_endpoints()
    {
        await using var process = await ProcessHost.StartAsync(
            (services, configuration) => services.AddRemoteSimulator(configuration),
            app =>
            {
                app.MapSimulator();
                app.MapSimulatorTransport();
                app.MapSimulatorEvents();
            },
            settings: ("Token", null));
        using var http = new HttpClient { BaseAddress = process.Address };

        Assert.Empty(process.Services.GetServices<IDeviceTransport>());
        foreach (var path in (string[])["simulator/events", "simulator/transport/send"])
        {
            using var response = await http.PostAsync(path, new StringContent("{}"));
            Assert.Equal(404, (int)response.StatusCode);
        }
    }
}
