using FsCheck.Fluent;
using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;
using Xunit;

namespace Wuts.Domain.Tests.Compliance;

public sealed class ConsentTests
{
    [Fact]
    public void Any_order_of_the_same_words_some_of_them_twice_ends_in_the_same_state()
    {
        // Few instants, so that ties are common.
        var word = from second in Gen.Choose(0, 4) from state in Gen.Elements(Enum.GetValues<ConsentState>()) select Said(state, second);
        var stories = from words in Gen.NonEmptyListOf(word) from other in Sequences.ShuffledWithRepeats(words.ToArray()) select (words.ToArray(), other);

        Law.ForAll(stories, story => Assert.Equal(Last(story.Item1), Last(story.other)));
    }

    [Fact]
    public void What_is_no_news_changes_nothing()
    {
        var known = Said(ConsentState.OptedOut, 5);

        Assert.Same(known, known.Apply(known));
        Assert.Same(known, known.Apply(Said(ConsentState.OptedIn, 5)));
        Assert.Same(known, known.Apply(Said(ConsentState.OptedIn, 4)));
    }

    [Fact]
    public void Of_two_words_at_the_same_instant_the_opt_out_counts() =>
        Assert.Equal(ConsentState.OptedOut, Said(ConsentState.OptedIn, 5).Apply(Said(ConsentState.OptedOut, 5)).State);

    [Fact]
    public void Saying_the_same_again_keeps_since_when()
    {
        var again = Said(ConsentState.OptedOut, 1).Apply(Said(ConsentState.OptedOut, 2));

        Assert.Equal((Samples.T0.AddSeconds(2), Samples.T0.AddSeconds(1)), (again.At, again.Since));
        Assert.Equal(Samples.T0.AddSeconds(3), again.Apply(Said(ConsentState.OptedIn, 3)).Since);
    }

    [Theory]
    [InlineData("5511999990001@s.whatsapp.net", true)]
    [InlineData("123456789012345@lid", true)]
    [InlineData("120363041234567890@g.us", false)]
    [InlineData("120363041234567890@newsletter", false)]
    public void Consents_are_of_persons(string chat, bool concerns) => Assert.Equal(concerns, Consent.Concerns(chat));

    [Theory]
    [InlineData(null, Category.Utility, null)]
    [InlineData(null, Category.Marketing, ConsentPolicy.NotOptedInCode)]
    [InlineData(ConsentState.OptedIn, Category.Utility, null)]
    [InlineData(ConsentState.OptedIn, Category.Marketing, null)]
    [InlineData(ConsentState.OptedOut, Category.Utility, ConsentPolicy.OptedOutCode)]
    [InlineData(ConsentState.OptedOut, Category.Authentication, ConsentPolicy.OptedOutCode)]
    [InlineData(ConsentState.OptedOut, Category.Marketing, ConsentPolicy.OptedOutCode)]
    public void Who_may_be_written_to(ConsentState? said, Category category, string? refusal)
    {
        var policy = new ConsentPolicy { OptInCategories = [Category.Marketing] };
        var consent = said is { } state ? Said(state, 0) : null;

        Assert.Equal(refusal, policy.Refuse(Samples.Chat, category, consent)?.Code);
        Assert.Null(policy.Refuse("120363041234567890@g.us", category, consent));
    }

    private static (ConsentState, DateTimeOffset) Last(Consent[] words) => words.Aggregate((known, change) => known.Apply(change)) is var last
        ? (last.State, last.At)
        : default;

    private static Consent Said(ConsentState state, int second) => new()
    {
        TenantId = "acme", ChatJid = Samples.Chat, State = state, Source = ConsentSource.Keyword,
        At = Samples.T0.AddSeconds(second), Since = Samples.T0.AddSeconds(second),
    };
}
