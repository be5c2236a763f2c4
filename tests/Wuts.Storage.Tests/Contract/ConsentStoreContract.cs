using Wuts.Domain.Compliance;
using Wuts.Domain.Sending;
using Wuts.Storage.Tests.Fixtures;

namespace Wuts.Storage.Tests.Contract;

public abstract class ConsentStoreContract(StorageFixture storage)
{
    private readonly IConsentStore _consents = storage.Get<IConsentStore>();
    private readonly string _tenant = NewId();

    [StorageFact]
    public async Task What_is_put_is_found_and_by_nobody_else()
    {
        var consent = Said(ConsentState.OptedOut) with { Source = ConsentSource.Keyword, DeviceId = "device-1", Detail = "Sair\n\"já\"" };

        Assert.Equal(consent, await _consents.PutAsync(consent));

        Assert.Equal(consent, await _consents.FindAsync(_tenant, consent.ChatJid));
        Assert.Null(await _consents.FindAsync(NewId(), consent.ChatJid));
        Assert.Null(await _consents.FindAsync(_tenant, Jid.User("5511999990009")));
    }

    [StorageFact]
    public async Task What_the_tenant_says_counts_whatever_was_known_and_its_time_never_goes_back()
    {
        await _consents.PutAsync(Said(ConsentState.OptedIn, second: 10));

        var stored = await _consents.PutAsync(Said(ConsentState.OptedOut, second: 5));

        Assert.Equal((ConsentState.OptedOut, T0.AddSeconds(10), T0.AddSeconds(5)), (stored.State, stored.At, stored.Since));
    }

    [StorageFact]
    public async Task Saying_the_same_again_keeps_since_when()
    {
        await _consents.PutAsync(Said(ConsentState.OptedOut, second: 1));

        var stored = await _consents.PutAsync(Said(ConsentState.OptedOut, second: 2));

        Assert.Equal((T0.AddSeconds(2), T0.AddSeconds(1)), (stored.At, stored.Since));
    }

    [StorageFact]
    public async Task An_import_takes_what_is_news_and_leaves_the_rest()
    {
        await _consents.PutAsync(Said(ConsentState.OptedOut, "5511999990001", second: 10));
        await _consents.PutAsync(Said(ConsentState.OptedOut, "5511999990002", second: 10));
        await _consents.PutAsync(Said(ConsentState.OptedIn, "5511999990003", second: 10));

        var news = await _consents.ImportAsync(
            _tenant,
            [
                Said(ConsentState.OptedIn, "5511999990001", second: 11) with { Detail = "form, \"page 2\"" },
                Said(ConsentState.OptedIn, "5511999990002", second: 10),
                Said(ConsentState.OptedOut, "5511999990003", second: 10),
                Said(ConsentState.OptedIn, "5511999990004", second: 3),
                Said(ConsentState.OptedOut, "5511999990004", second: 1),
            ]);

        Assert.Equal(3, news);
        var all = await _consents.ListAsync(_tenant, null, null, 10);
        Assert.Equal(
            [ConsentState.OptedIn, ConsentState.OptedOut, ConsentState.OptedOut, ConsentState.OptedIn], all.Select(consent => consent.State));
        Assert.Equal(("form, \"page 2\"", T0.AddSeconds(11)), (all[0].Detail, all[0].At));
        Assert.Equal(0, await _consents.ImportAsync(_tenant, []));
    }

    [StorageFact]
    public async Task A_list_goes_by_jid_page_by_page_and_may_be_of_one_state()
    {
        for (var i = 0; i < 5; i++)
        {
            await _consents.PutAsync(Said(i % 2 == 0 ? ConsentState.OptedOut : ConsentState.OptedIn, $"551199999000{i}"));
        }

        var first = await _consents.ListAsync(_tenant, null, null, 3);
        var second = await _consents.ListAsync(_tenant, null, first[^1].ChatJid, 3);

        Assert.Equal(Enumerable.Range(0, 5).Select(i => Jid.User($"551199999000{i}")), first.Concat(second).Select(consent => consent.ChatJid));
        Assert.Equal(3, (await _consents.ListAsync(_tenant, ConsentState.OptedOut, null, 10)).Length);
        Assert.Empty(await _consents.ListAsync(NewId(), null, null, 10));
    }

    [StorageFact]
    public async Task An_opt_out_is_forgotten_only_when_that_is_meant()
    {
        var chat = (await _consents.PutAsync(Said(ConsentState.OptedOut))).ChatJid;

        Assert.Equal(ConsentRemoval.NotFound, await _consents.DeleteAsync(NewId(), chat, evenOptedOut: true));
        Assert.Equal(ConsentRemoval.KeptOptOut, await _consents.DeleteAsync(_tenant, chat, evenOptedOut: false));
        Assert.Equal(ConsentRemoval.Removed, await _consents.DeleteAsync(_tenant, chat, evenOptedOut: true));
        Assert.Equal(ConsentRemoval.NotFound, await _consents.DeleteAsync(_tenant, chat, evenOptedOut: true));
        await _consents.PutAsync(Said(ConsentState.OptedIn));
        Assert.Equal(ConsentRemoval.Removed, await _consents.DeleteAsync(_tenant, chat, evenOptedOut: false));
    }

    [StorageFact]
    public async Task A_policy_is_replaced_as_a_whole()
    {
        Assert.Same(ConsentPolicy.Default, await _consents.FindPolicyAsync(_tenant));
        await _consents.PutPolicyAsync(_tenant, new ConsentPolicy { OptInCategories = [Category.Marketing, Category.Service], OptOutConfirmation = "Até logo" });
        await _consents.PutPolicyAsync(_tenant, new ConsentPolicy
        {
            OptInCategories = [Category.Marketing], OptOutKeywords = ["chega", "enough"], OptInKeywords = ["volta"], OptInConfirmation = "Olá",
        });

        var policy = await _consents.FindPolicyAsync(_tenant);

        Assert.Equal([Category.Marketing], policy.OptInCategories);
        Assert.Equal((ConsentMode.OptIn, ConsentMode.OptOut), (policy.ModeOf(Category.Marketing), policy.ModeOf(Category.Service)));
        Assert.Equal("chega enough", string.Join(' ', policy.OptOutKeywords));
        Assert.Equal("volta", Assert.Single(policy.OptInKeywords));
        Assert.Equal((null, "Olá"), (policy.OptOutConfirmation, policy.OptInConfirmation));
    }

    private Consent Said(ConsentState state, string number = "5511999990001", int second = 0) => new()
    {
        TenantId = _tenant,
        ChatJid = Jid.User(number),
        State = state,
        Source = ConsentSource.Api,
        At = T0.AddSeconds(second),
        Since = T0.AddSeconds(second),
    };
}

public sealed class SqliteConsentStoreTests(SqliteStorage storage) : ConsentStoreContract(storage), IClassFixture<SqliteStorage>;

public sealed class MemoryConsentStoreTests(MemoryStorage storage) : ConsentStoreContract(storage), IClassFixture<MemoryStorage>;

[NeedsPostgreSql]
public sealed class PostgreSqlConsentStoreTests(PostgreSqlStorage storage) : ConsentStoreContract(storage), IClassFixture<PostgreSqlStorage>;
