using Wuts.Domain.Compliance;
using Xunit;

namespace Wuts.Domain.Tests.Compliance;

public sealed class ConsentKeywordsTests
{
    [Theory]
    [InlineData("STOP")]
    [InlineData("  stop. ")]
    [InlineData("Stop!!! 🛑")]
    [InlineData("opt-out")]
    [InlineData("Opt out")]
    [InlineData("STOPALL")]
    [InlineData("Unsubscribe")]
    [InlineData("Stop promotions")]
    [InlineData("Sair")]
    [InlineData("PARAR PROMOÇÕES")]
    [InlineData("Parar promoc\u0327o\u0303es")]
    [InlineData("Não quero mais receber mensagens.")]
    [InlineData("descadastre-me")]
    [InlineData("¡BAJA!")]
    [InlineData("Cancelar suscripción")]
    [InlineData("darme de baja")]
    public void Words_that_opt_out(string text) => Assert.Equal(ConsentState.OptedOut, ConsentKeywords.BuiltIn.Match(text));

    [Theory]
    [InlineData("START")]
    [InlineData("unstop")]
    [InlineData("Opt-in")]
    [InlineData("Quero receber")]
    [InlineData("Alta")]
    [InlineData("¡Suscribirme!")]
    public void Words_that_opt_in(string text) => Assert.Equal(ConsentState.OptedIn, ConsentKeywords.BuiltIn.Match(text));

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("👍")]
    [InlineData("no")]
    [InlineData("não")]
    [InlineData("sim")]
    [InlineData("sí")]
    [InlineData("yes")]
    [InlineData("ok")]
    [InlineData("cancel")]
    [InlineData("Cancelar")]
    [InlineData("end")]
    [InlineData("alto")]
    [InlineData("stop please")]
    [InlineData("Where does the bus stop?")]
    [InlineData("vou sair agora")]
    [InlineData("sai")]
    [InlineData("stopstopstopstopstopstopstopstopstopstopstopstop")]
    public void Conversation_is_no_word(string text) => Assert.Null(ConsentKeywords.BuiltIn.Match(text));

    [Fact]
    public void More_words_may_be_added_and_one_that_would_do_both_opts_out()
    {
        var words = ConsentKeywords.BuiltIn.With(optOut: ["Chega!", "START", "отписаться"], optIn: ["volta", "stop", "chega", "…"]);

        Assert.Equal(ConsentState.OptedOut, words.Match("chega"));
        Assert.Equal(ConsentState.OptedOut, words.Match("start"));
        Assert.Equal(ConsentState.OptedOut, words.Match("stop"));
        Assert.Equal(ConsentState.OptedOut, words.Match("ОТПИСАТЬСЯ"));
        Assert.Equal(ConsentState.OptedIn, words.Match("Volta"));
        Assert.Null(ConsentKeywords.BuiltIn.Match("chega"));
    }
}
