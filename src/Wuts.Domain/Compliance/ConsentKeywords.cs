using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace Wuts.Domain.Compliance;

/// <summary>
/// Words by which a recipient opts out or in. A message is one when it is that word and nothing else, whatever its case, diacritics,
/// spaces and punctuation: <c>¡Baja!</c>, <c>opt-out</c> and <c>Opt out.</c> count, "please stop calling me Bob" does not.
/// </summary>
/// <remarks>
/// The built-in words are those that senders of text messages ask people to answer with, less what people also say in a conversation:
/// <list type="bullet">
/// <item>English: Twilio's default keywords, which follow the CTIA's Messaging Principles (STOP, STOPALL, UNSUBSCRIBE, QUIT, REVOKE,
/// OPTOUT; START, UNSTOP), and the text of WhatsApp's own opt-out button. Left out: CANCEL, END and YES, which on WhatsApp answer a
/// bot's question about an appointment or an order as often.</item>
/// <item>Portuguese: what Brazilian senders print below their messages (SAIR, PARAR, DESCADASTRAR). Left out: CANCELAR, SIM, NÃO.</item>
/// <item>Spanish: BAJA and ALTA of Spain's and Latin America's short codes, and DESUSCRIBIR. Left out: CANCELAR, SALIR and ALTO, SÍ, NO.</item>
/// </list>
/// An installation adds to them in <c>Wuts:Consent</c>, a tenant in its <see cref="ConsentPolicy"/>.
/// </remarks>
public sealed class ConsentKeywords
{
    /// <summary>No keyword is longer than this, counted without spaces and punctuation.</summary>
    public const int MaxLength = 40;

    private const string Accented = "àáâãäåçèéêëìíîïñòóôõöùúûüýÿ";
    private const string Plain = "aaaaaaceeeeiiiinooooouuuuyy";

    private readonly FrozenDictionary<string, ConsentState> _words;

    private ConsentKeywords(IEnumerable<KeyValuePair<string, ConsentState>> words) => _words = words.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Those that every tenant has.</summary>
    public static ConsentKeywords BuiltIn { get; } = new ConsentKeywords([]).With(
        optOut:
        [
            "stop", "stop all", "unsubscribe", "opt out", "quit", "revoke", "stop promotions",
            "sair", "sair da lista", "parar", "pare", "parar mensagens", "parar promoções", "descadastrar", "me descadastre", "descadastre-me",
            "cancelar inscrição", "cancelar assinatura", "não quero receber", "não quero mais receber", "não quero mais receber mensagens",
            "baja", "darme de baja", "dar de baja", "darse de baja", "desuscribir", "desuscribirme", "desuscribirse", "cancelar suscripción",
            "detener mensajes", "detener promociones", "parar mensajes", "no quiero recibir mensajes", "no quiero recibir más mensajes",
        ],
        optIn:
        [
            "start", "unstop", "subscribe", "opt in",
            "quero receber", "quero receber mensagens", "cadastrar", "inscrever", "inscrever-me", "voltar a receber",
            "alta", "darme de alta", "suscribir", "suscribirme", "suscribirse", "quiero recibir mensajes",
        ]);

    /// <summary>These and more. A word that would do both opts out.</summary>
    public ConsentKeywords With(IEnumerable<string> optOut, IEnumerable<string> optIn)
    {
        var words = new Dictionary<string, ConsentState>(_words, StringComparer.Ordinal);
        Add(optIn, ConsentState.OptedIn, (word, state) => words.TryAdd(word, state));
        Add(optOut, ConsentState.OptedOut, (word, state) => words[word] = state);
        return new(words);

        static void Add(IEnumerable<string> texts, ConsentState state, Action<string, ConsentState> add)
        {
            foreach (var word in texts.Select(Normalize).Where(word => word.Length > 0))
            {
                add(word, state);
            }
        }
    }

    /// <summary>What a message says of consent; <c>null</c> for nothing.</summary>
    public ConsentState? Match(string text) => _words.TryGetValue(Normalize(text), out var state) ? state : null;

    /// <summary>
    /// The letters and digits of a text in lower case, without diacritics; empty when there are none, or more than
    /// <see cref="MaxLength"/>.
    /// </summary>
    public static string Normalize(string text)
    {
        // By hand: the program runs without the data that Unicode's own decomposition needs. Accents of other scripts tell words apart.
        var word = new StringBuilder(MaxLength);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0x300 and <= 0x36F || !IsPartOfAWord(Rune.GetUnicodeCategory(rune)))
            {
                continue;
            }

            var letter = Rune.ToLowerInvariant(rune);
            var accented = letter.IsBmp ? Accented.IndexOf((char)letter.Value, StringComparison.Ordinal) : -1;
            word.Append(accented < 0 ? letter.ToString() : Plain[accented].ToString());
            if (word.Length > MaxLength)
            {
                return string.Empty;
            }
        }

        return word.ToString();
    }

    private static bool IsPartOfAWord(UnicodeCategory category) => category
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;
}
