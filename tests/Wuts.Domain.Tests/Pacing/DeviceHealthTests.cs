using Wuts.Domain.Devices;
using Wuts.Domain.Pacing;
using static Wuts.Domain.Tests.Samples;

namespace Wuts.Domain.Tests.Pacing;

public sealed class DeviceHealthTests
{
    private static readonly PacePolicy Policy = new(
        new() { Ceiling = 80, Floor = 0.1, RecoverEvery = TimeSpan.FromMinutes(5), RecoverBy = 0.05 },
        new()
        {
            CoolDown = TimeSpan.FromMinutes(1), ReceiptGrace = TimeSpan.FromMinutes(10), Sample = 100, LeastSample = 20, UndeliveredShare = 0.3,
            BlockedShare = 0.03, DisconnectsPerHour = 3, ThrottleWait = TimeSpan.FromSeconds(1), YellowShare = 0.5, RedShare = 0.1,
        });

    private static readonly Contact Answered = Contact.Wrote(Chat, T0);
    private static readonly Contact WrittenTo = new(Chat, T0, null, ContactOrigin.Outbound, "first");

    private static DeviceHealth Healthy => new() { Pace = Pace.Full(Policy.Profile, T0) };

    [Theory]
    [InlineData(RestrictionKind.NewChats, true, false, false)]
    [InlineData(RestrictionKind.ReachOut, true, true, false)]
    public void A_restriction_concerns_strangers_and_a_reach_out_timelock_all_who_have_not_written(
        RestrictionKind kind, bool stranger, bool writtenTo, bool answered)
    {
        var health = Healthy.With(new Restriction(kind, T0.AddHours(1), T0, null));

        Assert.Equal(stranger, health.Forbidding(null, "m", T0) is not null);
        Assert.Equal(writtenTo, health.Forbidding(WrittenTo, "second", T0) is not null);
        Assert.Equal(answered, health.Forbidding(Answered, "m", T0) is not null);
        Assert.Null(health.Forbidding(null, "m", T0.AddHours(1)));
    }

    [Fact]
    public void A_message_that_reaches_out_and_has_not_left_is_to_a_stranger_still() =>
        Assert.NotNull(Healthy.With(new Restriction(RestrictionKind.NewChats, T0.AddHours(1), T0, 0)).Forbidding(WrittenTo, "first", T0));

    [Fact]
    public void A_cap_that_has_some_left_lets_so_many_through()
    {
        var health = Healthy.With(new Restriction(RestrictionKind.NewChats, T0.AddHours(1), T0, 2));
        Assert.Null(health.Forbidding(null, "m", T0));

        health = health.OpenedChat(T0).OpenedChat(T0);

        Assert.NotNull(health.Forbidding(null, "m", T0));
    }

    [Fact]
    public void Of_two_words_on_a_restriction_the_later_counts_whichever_came_first()
    {
        var lifted = new Restriction(RestrictionKind.ReachOut, T0, T0.AddMinutes(1), null);
        var imposed = new Restriction(RestrictionKind.ReachOut, T0.AddHours(1), T0, null);

        Assert.Equal([lifted], Healthy.With(imposed).With(lifted).Restrictions.AsEnumerable());
        Assert.Equal([lifted], Healthy.With(lifted).With(imposed).Restrictions.AsEnumerable());
    }

    [Fact]
    public void Losing_the_link_too_often_within_an_hour_slows_the_number()
    {
        var health = Healthy.Disconnected(Policy, T0).Disconnected(Policy, T0.AddMinutes(61)).Disconnected(Policy, T0.AddMinutes(70));
        Assert.Equal(80, health.Pace.Rate);

        health = health.Disconnected(Policy, T0.AddMinutes(80));

        Assert.Equal(40, health.Pace.Rate);
        Assert.Empty(health.Disconnects);
    }

    [Theory]
    [InlineData(QualityRating.Green, 100, HealthBand.Good)]
    [InlineData(QualityRating.Yellow, 75, HealthBand.Fair)]
    [InlineData(QualityRating.Red, 45, HealthBand.Poor)]
    public void The_score_falls_with_the_rating(QualityRating rating, int score, HealthBand band)
    {
        var health = Healthy with { Pace = Healthy.Pace.Rated(Policy, rating, T0, T0) };

        var report = HealthReport.Of(health, new(), Policy.Rules, T0);

        Assert.Equal((score, band), (report.Score, report.Band));
        Assert.Equal(score < 100, report.Signals.Any(signal => signal.Advice is not null));
    }

    [Fact]
    public void A_ban_is_remembered_for_a_week()
    {
        var health = Healthy with { BannedAt = T0 };

        Assert.Equal(60, HealthReport.Of(health, new(), Policy.Rules, T0.AddDays(6)).Score);
        Assert.Equal(100, HealthReport.Of(health, new(), Policy.Rules, T0.AddDays(8)).Score);
    }
}
