using System.Collections.Immutable;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Wuts.Api.Errors;
using Wuts.Api.Requests;
using Wuts.Domain.Quotas;

namespace Wuts.Api.Quotas;

/// <summary>What a tenant may use. What is null or left out is its tier's, and without a tier not limited.</summary>
internal sealed record LimitRequest
{
    /// <summary>A tier that is configured under `Wuts:Tiers`; its limits count where the others here are null.</summary>
    public string? Tier { get; init; }

    /// <summary>Messages a second, with three digits after the point at most.</summary>
    [Range(typeof(decimal), "0.001", "10000")]
    public decimal? MessagesPerSecond { get; init; }

    /// <summary>
    /// How many of them may come at once: the quota of the sliding window, which lasts `burst / messages_per_second` seconds. That must be
    /// whole seconds. By default one second's worth, and if that is no whole number the smallest one that fits.
    /// </summary>
    [Range(1, LimitRules.MostBurst)]
    public int? Burst { get; init; }

    /// <summary>Messages a calendar day in UTC.</summary>
    [Range(1, LimitRules.MostPerDay)]
    public int? MessagesPerDay { get; init; }

    /// <summary>Messages that wait in the queues of all devices together.</summary>
    [Range(1, LimitRules.MostQueued)]
    public int? QueueDepth { get; init; }

    /// <summary>Devices. Those that are there already stay.</summary>
    [Range(1, LimitRules.MostDevices)]
    public int? Devices { get; init; }

    /// <summary>Recipients a calendar day in UTC that the tenant never wrote to before.</summary>
    [Range(1, LimitRules.MostNewRecipients)]
    public int? NewRecipientsPerDay { get; init; }

    /// <summary>The share of what tenants share, in proportion to the weights of the others.</summary>
    [Range(1, LimitRules.MostWeight), DefaultValue(TenantLimits.DefaultWeight)]
    public int? Weight { get; init; }

    public static LimitSettings Read(Fields fields) => new(
        fields.Text("tier", max: 50),
        new()
        {
            MessagesPerSecond = fields.Decimal("messages_per_second", LimitRules.IsRate, LimitRules.RateRange),
            Burst = fields.Integer("burst", 1, LimitRules.MostBurst),
            MessagesPerDay = fields.Integer("messages_per_day", 1, LimitRules.MostPerDay),
            QueueDepth = fields.Integer("queue_depth", 1, LimitRules.MostQueued),
            Devices = fields.Integer("devices", 1, LimitRules.MostDevices),
            NewRecipientsPerDay = fields.Integer("new_recipients_per_day", 1, LimitRules.MostNewRecipients),
            Weight = fields.Integer("weight", 1, LimitRules.MostWeight),
        });

    /// <summary>What is wrong with the limits together.</summary>
    public static ApiError Refuse(ImmutableArray<LimitError> errors) =>
        ApiError.Invalid([.. errors.Select(error => new FieldError(JsonNamingPolicy.SnakeCaseLower.ConvertName(error.Field), error.Message))]);

    public static ApiError RefuseTier(string tier, ImmutableArray<string> tiers) => ApiError.Invalid(
        "tier",
        tiers.IsEmpty
            ? "is unknown: no tiers are configured under Wuts:Tiers"
            : $"is unknown: it must be {(tiers is [var only] ? only : $"one of {string.Join(", ", tiers)}")}",
        RejectedValue.Of(tier));
}
