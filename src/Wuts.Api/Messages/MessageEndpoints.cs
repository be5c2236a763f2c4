using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Wuts.Api.Answers;
using Wuts.Api.Authentication;
using Wuts.Api.Errors;
using Wuts.Api.OpenApi;
using Wuts.Domain.Delivery;
using Wuts.Domain.Sending;
using Wuts.Domain.Tenants;
using Wuts.Storage;

namespace Wuts.Api.Messages;

/// <summary>What became of a message. Read from its row: no grain is asked, but what keeps a message waiting is known to its device alone.</summary>
internal static class MessageEndpoints
{
    private static readonly ApiError NotFound = new(ErrorCodes.NotFound, "message not found");

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/messages/{id}/status", Status)
            .Documented(
                Access.Caller, "getMessageStatus", "Messages", "Read a message's delivery status",
                "Times are null until reached; for groups they are the first participant's.")
            .Answers<MessageStatusAnswer>(StatusCodes.Status200OK, "The status.")
            .Fails(ErrorCodes.NotFound);
        routes.MapGet("/messages/{id}", Detail)
            .Documented(Access.Caller, "getMessage", "Messages", "Read a message with its timeline", "Where the message is, why, what it waits for, and all that happened to it.")
            .Answers<MessageAnswer>(StatusCodes.Status200OK, "The message.")
            .Fails(ErrorCodes.NotFound);
    }

    private static async Task<IResult> Status(HttpContext http, [Description("The message's id.")] string id, IMessageStore messages) =>
        await FindAsync(http, id, messages) is { } message
            ? Answer.Ok(MessageStatusAnswer.Of(message), ApiJson.Wire.MessageStatusAnswer)
            : NotFound;

    private static async Task<IResult> Detail(HttpContext http, [Description("The message's id.")] string id, IMessageStore messages, MessageExplanation explanation)
    {
        if (await FindAsync(http, id, messages) is not { } message)
        {
            return NotFound;
        }

        var (read, timeline, waiting) = await explanation.OfAsync(message, http.RequestAborted);
        return Answer.Ok(MessageAnswer.Of(read, timeline, waiting), ApiJson.Wire.MessageAnswer);
    }

    // A user sees its own messages; to it, and across tenants, any other is the same as none.
    private static async Task<Message?> FindAsync(HttpContext http, string id, IMessageStore messages)
    {
        var user = http.GetCaller().User;
        if (!MessageId.IsWellFormed(id) || await messages.FindAsync(user.TenantId, id, http.RequestAborted) is not { } message)
        {
            return null;
        }

        return user.Role != Role.User || message.Envelope.UserId == user.Id ? message : null;
    }
}
