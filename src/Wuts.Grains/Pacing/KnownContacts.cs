using Wuts.Domain.Pacing;

namespace Wuts.Grains.Pacing;

/// <summary>
/// Whom a number knows, as far as this activation does. Of a number that is being warmed up it has all, which its schedule bounds; of
/// any other the last few thousand, so that their rows need not be written again.
/// </summary>
internal sealed class KnownContacts
{
    private const int Most = 10_000;

    private readonly Dictionary<string, Contact> _contacts = [];
    private readonly HashSet<string> _reached = [];
    private readonly HashSet<string> _vacant = [];

    /// <summary>Whether somebody who is not in here is new to the number.</summary>
    public bool IsComplete { get; set; }

    public IEnumerable<Contact> All => _contacts.Values;

    public Contact? Find(string chatJid) => _contacts.GetValueOrDefault(chatJid);

    public void Put(Contact contact)
    {
        if (!IsComplete && _contacts.Count >= Most)
        {
            _contacts.Clear();
            _reached.Clear();
            _vacant.Clear();
        }

        _contacts[contact.ChatJid] = contact;
        _vacant.Remove(contact.ChatJid);
    }

    /// <summary>Whether a message to a contact that has not answered is known to have left.</summary>
    public bool IsReached(string chatJid) => _reached.Contains(chatJid);

    public void NoteReached(string chatJid) => _reached.Add(chatJid);

    /// <summary>Whether the message that was to write to a contact has come to nothing: its place is there for the next one that does.</summary>
    public bool IsVacant(string chatJid) => _vacant.Contains(chatJid);

    /// <summary>Until the contact is put anew.</summary>
    public void Vacate(string chatJid) => _vacant.Add(chatJid);

    public void Forget(string chatJid)
    {
        _contacts.Remove(chatJid);
        _reached.Remove(chatJid);
        _vacant.Remove(chatJid);
    }
}
