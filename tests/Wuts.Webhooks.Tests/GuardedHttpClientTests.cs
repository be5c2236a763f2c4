using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Wuts.Domain.Webhooks;
using static Wuts.Webhooks.Tests.Samples;

namespace Wuts.Webhooks.Tests;

public sealed class GuardedHttpClientTests
{
    private static readonly IPAddress Public = IPAddress.Parse("1.1.1.1");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    public async Task A_name_that_leads_to_a_private_address_is_not_called(string address)
    {
        await using var fixture = new SenderFixture(new(), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(address)]));

        var attempt = await fixture.SendAsync(Endpoint());

        Assert.Equal((WebhookVerdict.Failed, null), (attempt.Verdict, attempt.StatusCode));
        Assert.Equal("hooks.example.com has no public address.", attempt.Error);
    }

    [Fact]
    public async Task Loopback_hears_nothing_of_a_refused_call()
    {
        using var certificate = SelfSigned();
        await using var receiver = await ScriptedReceiver.StartAsync(_ => Task.CompletedTask, certificate);
        await using var fixture = new SenderFixture(
            new() { AllowedPorts = [receiver.Url.Port] }, (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback]));

        var attempt = await fixture.SendAsync(Endpoint(new Uri($"https://hooks.example.com:{receiver.Url.Port}/")));

        Assert.Equal("hooks.example.com has no public address.", attempt.Error);
        Assert.Empty(receiver.Received);
    }

    [Theory]
    [InlineData("http://hooks.example.com/", "The URL must be an https URL.")]
    [InlineData("https://hooks.example.com:22/", "The URL must use port 443.")]
    [InlineData("https://10.0.0.1/", "The URL must not lead to a private address.")]
    public async Task A_stored_url_is_judged_again_by_the_rules_of_today(string url, string error)
    {
        await using var fixture = new SenderFixture(new(), (_, _) => throw new InvalidOperationException("Nothing may be resolved."));

        Assert.Equal(error, (await fixture.SendAsync(Endpoint(new Uri(url)))).Error);
    }

    [Fact]
    public async Task A_name_that_turns_to_a_private_address_is_refused_on_the_next_connection()
    {
        var answers = new Queue<IPAddress[]>([[Public], [IPAddress.Loopback]]);
        var connector = new VettedConnector((_, _) => Task.FromResult(answers.Dequeue()), allowPrivateTargets: false);

        Assert.Equal([Public], await connector.VetAsync("rebind.example.com", default));
        await Assert.ThrowsAsync<TargetRefusedException>(() => connector.VetAsync("rebind.example.com", default));
    }

    [Fact]
    public async Task Of_mixed_addresses_only_the_public_ones_are_used()
    {
        var connector = new VettedConnector(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, Public, IPAddress.IPv6Loopback]), allowPrivateTargets: false);

        Assert.Equal([Public], await connector.VetAsync("mixed.example.com", default));
    }

    [Fact]
    public async Task It_connects_to_the_address_that_was_vetted_and_to_the_next_when_that_is_dead()
    {
        await using var receiver = await ScriptedReceiver.StartAsync(_ => Task.CompletedTask);
        await using var fixture = new SenderFixture(
            resolve: (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]));

        var attempt = await fixture.SendAsync(Endpoint(new Uri($"http://only-the-resolver-knows.example:{receiver.Url.Port}/x")));

        Assert.Equal(WebhookVerdict.Delivered, attempt.Verdict);
        Assert.Equal($"only-the-resolver-knows.example:{receiver.Url.Port}", Assert.Single(receiver.Received).Headers["Host"]);
    }

    [Fact]
    public async Task A_refused_connection_is_a_failure()
    {
        var receiver = await ScriptedReceiver.StartAsync(_ => Task.CompletedTask);
        await receiver.DisposeAsync();
        await using var fixture = new SenderFixture();

        var attempt = await fixture.SendAsync(Endpoint(receiver.Url));

        Assert.Equal((WebhookVerdict.Failed, null, "Connection refused"), (attempt.Verdict, attempt.StatusCode, attempt.Error));
    }

    [Fact]
    public async Task A_name_that_does_not_resolve_in_time_is_a_failure()
    {
        await using var fixture = new SenderFixture(
            new() { ConnectTimeout = TimeSpan.FromMilliseconds(50) },
            async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return [];
            });

        Assert.Equal("No connection in time.", (await fixture.SendAsync(Endpoint())).Error);
    }

    [Fact]
    public async Task A_certificate_that_nobody_vouches_for_is_a_failure()
    {
        using var certificate = SelfSigned();
        await using var receiver = await ScriptedReceiver.StartAsync(_ => Task.CompletedTask, certificate);
        await using var fixture = new SenderFixture();

        var attempt = await fixture.SendAsync(Endpoint(receiver.Url));

        Assert.Equal((WebhookVerdict.Failed, null), (attempt.Verdict, attempt.StatusCode));
        Assert.Contains("certificate", attempt.Error, StringComparison.Ordinal);
        Assert.Empty(receiver.Received);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
