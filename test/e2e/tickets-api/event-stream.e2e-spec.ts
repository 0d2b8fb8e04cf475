import { EventStreamReader } from '../../support/event-stream';
import { startTestService } from '../../support/test-service';
it('trial', async () => {
  const service = await startTestService({ eventStreams: { heartbeatMs: 100 } });
  const project = await service.createProject();
  const reader = await EventStreamReader.open(service.url, { key: project.liveKey });
  console.log(reader.answer.headers, reader.answer.statusCode);
  console.log(await reader.next());
  await project.createTicket();
  console.log(await reader.messages(1));
  console.log(await reader.next());
  console.log(await reader.next());
  console.log(await project.request('GET', '/v1/helpdesk/events/stream').catch(String));
  const head = await fetch(service.url + '/v1/helpdesk/events/stream', {
    method: 'HEAD',
    headers: { authorization: `Bearer ${project.liveKey}` },
  });
  console.log(head.status, [...head.headers]);
  console.log(await project.request('POST', '/v1/helpdesk/events/stream'));
  const ended = reader.ended();
  await service.close();
  await ended;
  console.log(service.logs.filter((l) => /stream/.test(l)));
});
