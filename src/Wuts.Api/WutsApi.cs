using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Calls;
using Wuts.Api.Consents;
using Wuts.Api.Devices;
using Wuts.Api.Errors;
using Wuts.Api.Health;
using Wuts.Api.Limits;
using Wuts.Api.Messages;
using Wuts.Api.OpenApi;
using Wuts.Api.Pacing;
using Wuts.Api.Quotas;
using Wuts.Api.Requests;
using Wuts.Api.Sending;
using Wuts.Api.Tenants;
using Wuts.Api.Webhooks;
using Wuts.Webhooks;

namespace Wuts.Api;

/// <summary>The HTTP front end, to be put into a host that provides the grains and the storage ports.</summary>
public static class WutsApi
{
    /// <summary>
    /// Adds the front end's services, its options (validated at start) and Kestrel's limits. The host provides
    /// <c>IGrainFactory</c>, the ports of <c>Wuts.Storage</c>, and may replace <see cref="IMasterToken"/>.
    /// </summary>
    public static IServiceCollection AddWutsApi(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddWutsOperations(configuration);
        services.AddValidated<HeldSendOptions>(configuration, HeldSendOptions.Section);
        services.AddValidated<DeviceOptions>(configuration, DeviceOptions.Section);
        services.AddWebhooks();
        services.AddSingleton<RequestBytes>();
        services.AddSingleton<JsonBody>();
        services.AddSingleton<OptOutNews>();
        services.AddSingleton<HeldSend>();
        services.AddSingleton<MessageExplanation>();

        // The document is written from the same shapes that go over the wire.
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Wire);
            options.SerializerOptions.PropertyNamingPolicy = ApiJson.Wire.Options.PropertyNamingPolicy;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(options =>
        {
            options.ShouldInclude = description => description.ActionDescriptor.EndpointMetadata.OfType<IEndpointSummaryMetadata>().Any();
            options.CreateSchemaReferenceId = SchemaNames.Of;
            options.AddDocumentTransformer<ApiDocument>();
            options.AddOperationTransformer<ApiOperation>();
        });
        return services;
    }

    /// <summary>
    /// Adds what a process needs that serves operators only, a silo: health, sign-in, errors in the envelope, and
    /// <see cref="RequireOperator{TBuilder}"/>. <see cref="AddWutsApi"/> includes it.
    /// </summary>
    public static IServiceCollection AddWutsOperations(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddValidated<LimitOptions>(configuration, LimitOptions.Section);
        services.AddValidated<RepeatOptions>(configuration, RepeatOptions.Section);
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IMasterToken, ConfiguredMasterToken>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<KestrelServerOptions>, KestrelLimits>());
        services.AddSingleton<RepeatedCalls>();
        services.AddHealthChecks().AddCheck<StorageHealth>("storage");
        OperatorSignIn.Add(services);
        return services;
    }

    /// <summary>
    /// Adds the front end's steps and endpoints. Call it before other steps of the host, so that their failures leave in the
    /// same envelope; endpoints of others are not asked for tokens.
    /// </summary>
    public static WebApplication MapWutsApi(this WebApplication app)
    {
        TenantEndpoints.Map(app);
        UserEndpoints.Map(app);
        LimitEndpoints.Map(app);
        DeviceEndpoints.Map(app);
        QueueEndpoint.Map(app);
        DeviceHealthEndpoints.Map(app);
        PairingEndpoints.Map(app);
        SessionEndpoints.Map(app);
        SendTextEndpoint.Map(app);
        MessageEndpoints.Map(app);
        WebhookEndpoints.Map(app);
        ConsentEndpoints.Map(app);
        ConsentImportEndpoint.Map(app);
        ConsentPolicyEndpoints.Map(app);
        app.MapWutsOperations();
        app.MapOpenApi("/openapi.json");
        return app;
    }

    /// <summary>Adds the steps and endpoints of <see cref="AddWutsOperations"/>. <see cref="MapWutsApi"/> includes them.</summary>
    public static WebApplication MapWutsOperations(this WebApplication app)
    {
        app.UseMiddleware<ErrorBoundary>();
        app.UseMiddleware<HeaderLimit>();
        app.UseMiddleware<TokenAuthentication>();
        app.UseMiddleware<Admission>();
        OperatorSignIn.Map(app);
        HealthEndpoints.Map(app);
        return app;
    }

    /// <summary>Lets only the platform's operator through: the master token, or the cookie of a sign-in with it; else 401.</summary>
    public static TBuilder RequireOperator<TBuilder>(this TBuilder endpoints)
        where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new RequiredAccess(Access.Operator));

    private static void AddValidated<TOptions>(this IServiceCollection services, IConfiguration configuration, string section)
        where TOptions : class =>
        services.AddOptions<TOptions>().Bind(configuration.GetSection(section)).ValidateDataAnnotations().ValidateOnStart();
}
